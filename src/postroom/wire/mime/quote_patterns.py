"""How mail programs introduce what they quote, in the languages they speak. Data; `quotes` reads it."""

import re

# "wrote", as it stands at the end of the line above a quote. Each row: language, verbs.
_WROTE = (
    ("English", "wrote|writes|said"),
    ("German", "schrieb|geschrieben|schreibt"),
    ("French", r"a écrit|a ecrit|écrit"),
    ("Spanish", "escribió|escribio|ha escrito"),
    ("Italian", "ha scritto|scrisse|scrive"),
    ("Portuguese", "escreveu|escreveu o seguinte"),
    ("Dutch", "schreef|geschreven|het volgende geschreven"),
    ("Polish", r"napisał(?:\(a\)|a)?|pisze"),
    ("Swedish, Danish, Norwegian", "skrev|skrev følgende|følgende"),
    ("Finnish", "kirjoitti"),
    ("Czech, Slovak", r"napsal(?:\(a\)|a)?|napísal(?:\(a\)|a)?|píše"),
    ("Hungarian", "írta|ezt írta"),
    ("Romanian", "a scris"),
    ("Turkish", "yazdı|şunu yazdı|şunları yazdı"),
    ("Greek", "έγραψε"),
    ("Russian, Ukrainian, Bulgarian", r"написал(?:\(а\)|а)?|пишет|писал(?:\(а\)|а)?|пише|написав|написа"),
    ("Slovene, Croatian, Serbian", "je napisal(?:a)?|je napisao|napisao je|piše"),
    ("Estonian, Latvian, Lithuanian", "kirjutas|rakstīja|rašė"),
    ("Chinese", "写道|寫道|撰写|写入"),
    ("Japanese", "のメール|さんは書きました|wrote"),
    ("Korean", "님이 작성|작성|님께서 작성"),
    ("Vietnamese", "đã viết|viết"),
    ("Hebrew, Arabic", "כתב|כתבה|כתב/ה|كتب"),
    ("Indonesian", "menulis"),
)
# Some programs leave the colon out.
WROTE_WITHOUT_COLON = (
    "wrote",
    "schrieb",
    "écrit",
    "escribió",
    "scritto",
    "escreveu",
    "schreef",
    "skrev",
    "написал",
    "写道",
)
_VERBS = "|".join(verbs for _, verbs in _WROTE)

# German and Scandinavian put the name behind the verb: "Am … schrieb Ann Lee <ann@…>:".
ENDS_WITH_WROTE = re.compile(rf"(?:{_VERBS})\s*[:：]?\s*(?:-{{2,}})?$", re.I)
HOLDS_WROTE_BEFORE_NAME = re.compile(
    r"\b(?:schrieb|schreef|skrev|escreveu|wrote|kirjoitti|napisał|napsal)\b[^:]{1,200}[:：]$", re.I
)
OPENING = re.compile(
    r"^(?:-{2,}\s*)?(?:On|At|In|Am|Le|El|Il|In data|Em|Op|Den|Dne|Dňa|W dniu|Dnia|În|Στις|Na|Vào|Pada|Pe|Dana|Zo)\s",
    re.I,
)
ADDRESS = re.compile(r"[^\s<>()\[\]\"]+@[^\s<>()\[\]\"]+")
MOMENT = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\b(?:19|20)\d{2}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}年|\d{4}년")

# "Original message", between dashes; what follows is quoted.
ORIGINAL = re.compile(
    r"^[>\s]*[-_=*]{2,}\s*(?:original message|original appointment|ursprüngliche nachricht|originalnachricht"
    r"|message d['’]origine|message original|mensaje original|messaggio originale|mensagem original"
    r"|oorspronkelijk bericht|origineel bericht|ursprungligt meddelande|originalmeddelande|oprindelig(?: besked"
    r"| meddelelse)"
    r"|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|původní zpráva"
    r"|pôvodná správa"
    r"|eredeti üzenet|mesaj original|orijinal mesaj|исходное сообщение|оригинальное сообщение|пересылаемое сообщение"
    r"|original besked|reply message|reply to message|原始邮件|原邮件|原始郵件|元のメッセージ|원본 메시지"
    r"|ב?הודעה מקורית|الرسالة الأصلية)\s*[-_=*]{2,}\s*$",
    re.I,
)
# "Forwarded message": what follows is news to the reader, not a quote.
FORWARDED = re.compile(
    r"^[>\s]*(?:[-_=*]{2,}\s*)?(?:begin forwarded message|forwarded message|forwarded by .{1,60}|fwd"
    r"|weitergeleitete nachricht"
    r"|anfang der weitergeleiteten (?:e-mail|nachricht)|message transféré|message transmis"
    r"|début du message (?:réexpédié|transféré)"
    r"|mensaje reenviado|inicio del mensaje reenviado|messaggio inoltrato|inizio messaggio inoltrato"
    r"|mensagem (?:encaminhada|reencaminhada)"
    r"|doorgestuurd bericht|begin doorgestuurd bericht|vidarebefordrat (?:meddelande|brev)"
    r"|videresendt (?:besked|melding|meddelelse)"
    r"|välitetty viesti|wiadomość przekazana|treść przekazanej wiadomości|přeposlaná zpráva|továbbított üzenet"
    r"|пересланное сообщение|начало переадресованного сообщения|转发的邮件|轉寄郵件|転送メッセージ|전달된 메시지)"
    r"\s*[:：]?\s*(?:[-_=*]{2,})?\s*$",
    re.I,
)

_FROM_KEYS = (
    "from|von|de|da|od|van|från|fra|lähettäjä|feladó|kimden|gönderen|от|від|відправник|отправитель|από"
    "|expéditeur|remitente"
    "|remetente|mittente|afzender|avsändare|avsender|afsender|nadawca|odesílatel|odosielateľ|expeditor|de la|saatja"
    "|发件人|寄件者|寄件人|差出人|送信者|보낸 사람|보낸사람|מאת|من|từ|dari|message du|šalje"
)
_OTHER_KEYS = (
    "sent|date|to|cc|bcc|subject|reply-to|importance|attachments|sent on|received|gesendet|datum|an|betreff"
    "|kopie|wichtigkeit|am"
    "|envoyé|envoyé le|envoyée|date d'envoi|à|a|pour|objet|sujet|copie|copie à|cc à|enviado|enviado el|fecha"
    "|para|asunto|inviato"
    "|inviato il|data|oggetto|per|wysłano|wysłane|do|dw|temat|enviada em|enviado em|enviada|assunto|verzonden"
    "|aan|onderwerp|skickat"
    "|till|ämne|kopia|sendt|dato|til|emne|kopi|lähetetty|päivämäärä|vastaanottaja|kopio|aihe|elküldve|dátum"
    "|címzett|tárgy|gönderildi"
    "|tarih|kime|bilgi|konu|отправлено|дата|кому|копия|тема|надіслано|odesláno|komu|předmět|odoslané|predmet"
    "|trimis|către|subiect"
    "|στάλθηκε|προς|θέμα|发送时间|收件人|抄送|主题|日期|寄件日期|收件者|副本|主旨|送信日時|日時|宛先|件名"
    "|보낸 날짜|날짜|받는 사람|참조|제목"
    "|נשלח|אל|נושא|תאריך|أرسلت|إلى|الموضوع|التاريخ|gửi|đến|chủ đề|kepada|subjek|tanggal"
)
FROM_LINE = re.compile(rf"^[>\s*|]*(?:{_FROM_KEYS})\s?\*?\s?[:：]", re.I)
OTHER_LINE = re.compile(rf"^[>\s*|]*(?:{_OTHER_KEYS})\s?\*?\s?[:：]", re.I)
RULE = re.compile(r"^[>\s]*[-_=*─—]{3,}\s*$")

# Lines that a telephone or an app adds below what was written.
SENT_FROM = re.compile(
    r"^(?:\[?(?:Sent|Written|Typed) (?:from|via|with|by) \S|Get (?:Outlook|BlueMail|TypeApp) for|Download \w+ for"
    r"|Envoyé (?:de|depuis|à partir|avec|par)\b|Télécharg\w+ Outlook|Gesendet (?:von|mit|aus|über)\b"
    r"|Von meinem .{2,60} gesendet"
    r"|Diese Nachricht wurde von meinem|Outlook für (?:iOS|Android)|Enviado (?:desde|do|de|a partir|pelo|con)\b"
    r"|Obtener Outlook|Obter o? ?Outlook|Inviato (?:da|dal|con)\b|Ottieni Outlook|Scarica Outlook"
    r"|Verzonden (?:vanaf|vanuit|met|via|van)\b"
    r"|Verstuurd vanaf|Download Outlook|Outlook voor|Skickat (?:från|via|med)\b|Hämta Outlook|Sendt (?:fra|via"
    r"|med)\b|Få Outlook|Hent Outlook"
    r"|Lähetetty|Hanki Outlook|Wysłan[eo] z|Pobierz|Odesláno z|Elküldve|Küldve|Trimis de pe"
    r"|iPhone'umdan gönderildi|Отправлено (?:с|из)\b"
    r"|Послано с|Надіслано з|Στάλθηκε από|Đã gửi từ|发自我的|从我的.{1,30}发送|來自我的|傳送自|寄自"
    r"|iPhoneから送信|.{2,30}から送信|나의 .{2,30}에서 보냄)",
    re.I,
)
SIGNATURE = re.compile(r"^--\s*$")
LIST_FOOTER = re.compile(r"^_{2,}$")
LIST_WORDS = re.compile(r"mailing list|mailman|unsubscribe|list(?:s|serv)\b", re.I)
