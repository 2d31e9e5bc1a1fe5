"""Delivery reports, automatic answers and ordinary mail in the formats of many mail systems, in words of our own.

None of these texts is a copy of a real message: each follows the published or observed layout of its system (header
fields, order of parts, the phrases that carry meaning), with recipients, codes and originals put in.
"""
