"""Services that only send: an account may receive at one provider and send through one of these, From unchanged.

None of them has a Sent folder, so the copy is always filed in the mailbox. Their limits belong to the customer's plan
and are told by the service itself.
"""

from postroom.rooms.accounts.provider import Provider, Quirk, smtps, submission
from postroom.rooms.accounts.send_budget import SendLimits

_TAKES_MANY = SendLimits(connections=10, messages_per_connection=500)
"""They are made for bulk, and name no number."""

SENDING_SERVICES: tuple[Provider, ...] = (
    Provider(
        "ses", "Amazon SES", (), None, submission("email-smtp.us-east-1.amazonaws.com"),
        limits=_TAKES_MANY,
        source="docs.aws.amazon.com/ses/latest/dg/smtp-connect.html",
        hint="The region stands in the host name. SMTP credentials are made in the SES console.",
        user_hint="the SMTP user name made in the SES console (it begins with AKIA)",
        quirks=(
            Quirk("Rewrites Message-ID and Date.", "docs.aws.amazon.com/ses/latest/dg/header-fields.html"),
            Quirk("454 Throttling failure when the plan's rate is passed.", "knadh/listmonk#1802"),
        ),
    ),
    Provider(
        "mailgun", "Mailgun", (), None, submission("smtp.mailgun.org"),
        limits=_TAKES_MANY,
        source="documentation.mailgun.com, sending by SMTP", user_hint="postmaster@ and your domain at Mailgun",
    ),
    Provider(
        "mailgun_eu", "Mailgun (EU)", (), None, submission("smtp.eu.mailgun.org"),
        limits=_TAKES_MANY,
        source="documentation.mailgun.com, sending by SMTP", user_hint="postmaster@ and your domain at Mailgun",
    ),
    Provider(
        "sendgrid", "SendGrid", (), None, submission("smtp.sendgrid.net"),
        limits=_TAKES_MANY,
        source="twilio.com/docs/sendgrid/for-developers/sending-email/integrating-with-the-smtp-api",
        user_hint="apikey (this very word); the password is an API key",
    ),
    Provider(
        "postmark", "Postmark", (), None, submission("smtp.postmarkapp.com"),
        limits=_TAKES_MANY,
        source="postmarkapp.com/developer/user-guide/send-email-with-smtp",
        user_hint="the server's API token, as user name and as password",
        quirks=(Quirk("Bulk email must go through a broadcast stream of its own.", "postmarkapp.com"),),
    ),
    Provider(
        "brevo", "Brevo", (), None, submission("smtp-relay.brevo.com"),
        limits=_TAKES_MANY,
        source="help.brevo.com/hc/en-us/articles/7924908994450", user_hint="the SMTP login shown under SMTP & API",
    ),
    Provider(
        "mailjet", "Mailjet", (), None, submission("in-v3.mailjet.com"),
        limits=_TAKES_MANY,
        source="documentation.mailjet.com/hc/en-us/articles/360043229473",
        user_hint="the API key; the password is the secret key",
    ),
    Provider(
        "sparkpost", "SparkPost", (), None, submission("smtp.sparkpostmail.com"),
        limits=_TAKES_MANY,
        source="support.sparkpost.com, SMTP relay endpoints", user_hint="SMTP_Injection; the password is an API key",
    ),
    Provider(
        "mailersend", "MailerSend", (), None, submission("smtp.mailersend.net"),
        limits=_TAKES_MANY,
        source="mailersend.com/help/smtp-relay", user_hint="the SMTP user shown for your domain",
    ),
    Provider(
        "resend", "Resend", (), None, smtps("smtp.resend.com"),
        limits=_TAKES_MANY,
        source="resend.com/docs/send-with-smtp", user_hint="resend (this very word); the password is an API key",
    ),
    Provider(
        "smtp2go", "SMTP2GO", (), None, submission("mail.smtp2go.com"),
        limits=_TAKES_MANY,
        source="support.smtp2go.com, SMTP settings", user_hint="the SMTP user made under Settings, SMTP Users",
    ),
    Provider(
        "mandrill", "Mandrill", (), None, submission("smtp.mandrillapp.com"),
        limits=_TAKES_MANY,
        source="mailchimp.com/developer/transactional/docs/smtp-integration",
        user_hint="any text; the password is an API key",
    ),
)  # fmt: skip
