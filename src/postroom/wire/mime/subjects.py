"""The subject without what mail programs put around it: Re and Fwd in many languages, list tags, counters."""

import re
import unicodedata

# Reply and forward prefixes, longest spellings included, as programs write them in their users' languages.
_REPLY = (
    "re|aw|antw|antwort|antwoord|sv|svar|vs|vast|odp|ynt|yanıt|cevap|res|rif|ris|réf|rép|rsp|resp|bls|blš|atb"
    "|vá|válasz|απ|σχετ|отв|ответ|відп|ang|回复|回覆|答复|答覆|回信|返信|답장|회신|רד|תגובה|השב|رد|trả lời|ตอบ|ตอบกลับ"
    "|automatic reply|automatische antwort|réponse automatique|respuesta automática|risposta automatica"
    "|resposta automática|automatisch antwoord|automatiskt svar|自动回复|自動回覆|自動返信"
)
_FORWARD = (
    "fwd|fw|wg|weitergeleitet|tr|enc|doorst|vb|vl|vidarebefordrat|framsenda|inoltro|inoltrata|pd|przek|rv|reenv|trs|přep"
    "|přeposl|ilt|i̇lt|πρθ|пересл|转发|轉寄|轉發|転送|전달|הועבר|إعادة توجيه|továbbítás|továbbított|chuyển tiếp|ส่งต่อ"
)
# Italian Outlook writes "R:" and "I:"; in small letters these are words of the subject itself.
_PREFIX = re.compile(
    rf"\s*(?:(?:{_REPLY}|{_FORWARD})\s?(?:\[\d{{1,4}}\]|\(\d{{1,4}}\)|\^\d{{1,4}}|\*\d{{1,4}}|\d{{1,3}})?\s?[:：]"
    rf"|(?-i:[RI])\s?[:：])",
    re.I,
)
# A tag such as "[dev-list]" or "[EXTERNAL]". One with a digit in it is a ticket number and tells subjects apart.
_TAG = re.compile(r"\s*\[[^\[\]\d]{1,60}\](?=\s*\S)")
_TRAILER = re.compile(r"\s*\((?:fwd|fw|forwarded)\)\s*$", re.I)
_WRAPPED = re.compile(r"\[\s*(?:fwd|fw)\s*:(.*)\]\s*$", re.I | re.S)
_MOST_PREFIXES = 50
_LONGEST = 2_000


def normalized_subject(subject: str) -> tuple[str, bool]:
    """(base, is_reply): the base in NFC with single spaces, and whether a reply or forward prefix was taken off.

    A subject that is nothing but prefixes has an empty base: it says nothing about the conversation.
    """
    text = " ".join(subject[:_LONGEST].split())
    if text.isascii():
        if ":" not in text and "[" not in text and "(" not in text:
            return text, False  # most subjects: nothing of the below can be in them
    else:
        text = unicodedata.normalize("NFC", text)
    is_reply = False
    for _ in range(_MOST_PREFIXES):
        if found := _PREFIX.match(text):
            text, is_reply = text[found.end() :], True
        elif found := _TAG.match(text):
            text = text[found.end() :]
        elif (found := _TRAILER.search(text)) is not None:
            text, is_reply = text[: found.start()], True
        elif found := _WRAPPED.match(text):
            text, is_reply = found[1], True
        else:
            break
    return text.strip(), is_reply
