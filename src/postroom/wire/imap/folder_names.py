"""What mail programs and providers call the folders with a purpose, where the server does not say (RFC 6154).

Lower case, the first the most usual. Only the last part of a folder's name is looked up.
"""

from postroom.wire.imap.types import FolderRole

NAMES: dict[FolderRole, tuple[str, ...]] = {
    FolderRole.SENT: (
        "sent", "sent items", "sent mail", "sent messages", "sent-mail", "sentmail", "sent_mail", "outbox sent",
        "gesendet", "gesendete objekte", "gesendete elemente", "gesendete nachrichten", "gesendete mails",
        "envoyés", "éléments envoyés", "messages envoyés", "courrier envoyé", "envoyes",
        "enviados", "elementos enviados", "correo enviado", "mensajes enviados", "enviado",
        "posta inviata", "inviata", "inviati", "elementi inviati", "messaggi inviati",
        "itens enviados", "mensagens enviadas", "e-mails enviados", "enviadas",
        "verzonden", "verzonden items", "verzonden objecten", "verzonden berichten", "verstuurd",
        "wysłane", "elementy wysłane", "wiadomości wysłane", "wyslane",
        "skickat", "skickade", "skickade objekt", "skickade meddelanden",
        "sendt", "sendt post", "sendte elementer", "sendte e-mails", "sendte meddelelser",
        "lähetetyt", "lähetetyt viestit", "odeslané", "odeslaná pošta", "odoslané", "elküldött", "elküldött elemek",
        "trimise", "poslano", "gönderilmiş öğeler", "gönderilenler", "gönderilmiş postalar",
        "отправленные", "исходящие отправленные", "надіслані", "送信済み", "送信済みアイテム", "送信済みメール",
        "已发送", "已发送邮件", "寄件備份", "已傳送", "보낸 편지함", "보낸메일함",
    ),
    FolderRole.DRAFTS: (
        "drafts", "draft", "entwürfe", "entwurf", "brouillons", "brouillon", "borradores", "borrador", "bozze",
        "rascunhos", "rascunho", "concepten", "concept", "szkice", "wersje robocze", "robocze", "utkast", "kladder",
        "luonnokset", "koncepty", "rozepsané", "piszkozatok", "ciorne", "taslaklar", "черновики", "чернетки",
        "下書き", "草稿", "草稿箱", "草稿匣", "임시 보관함", "임시보관함",
    ),
    FolderRole.ARCHIVE: (
        "archive", "archives", "archived", "archiv", "archiviert", "archivo", "archivados", "archivio", "arquivo",
        "arquivados", "archief", "gearchiveerd", "archiwum", "arkiv", "arkisto", "archív", "archívum", "arhiva",
        "arşiv", "архив", "архів", "アーカイブ", "存档", "归档", "封存", "보관함", "보관",
    ),
    FolderRole.ALL: (
        "all mail", "alle nachrichten", "tous les messages", "todos", "tutti i messaggi", "todos os e-mails",
        "todo o correio", "alle e-mails", "alle berichten", "wszystkie", "alla mejl", "all e-post", "al post",
        "вся почта", "すべてのメール", "所有邮件", "所有郵件", "전체보관함",
    ),
    FolderRole.TRASH: (
        "trash", "deleted items", "deleted messages", "deleted", "bin", "papierkorb", "gelöschte objekte",
        "gelöschte elemente", "gelöscht", "corbeille", "éléments supprimés", "messages supprimés", "papelera",
        "elementos eliminados", "eliminados", "cestino", "posta eliminata", "elementi eliminati", "lixeira", "lixo",
        "itens excluídos", "prullenbak", "prullenmand", "verwijderde items", "verwijderd", "kosz",
        "elementy usunięte", "usunięte", "papperskorgen", "papperskorg", "borttaget", "borttagna objekt", "papirkurv",
        "slettet post", "slettede elementer", "roskakori", "koš", "odstraněná pošta", "kôš", "kuka", "lomtár",
        "çöp kutusu", "silinmiş öğeler", "удаленные", "удалённые", "корзина", "кошик", "видалені", "ごみ箱", "ゴミ箱",
        "削除済みアイテム", "已删除", "已删除邮件", "垃圾桶", "刪除的郵件", "휴지통",
    ),
    FolderRole.JUNK: (
        "junk", "spam", "junk e-mail", "junk email", "junk mail", "bulk mail", "bulk", "junk-e-mail", "spamverdacht",
        "unerwünscht", "werbung", "courrier indésirable", "indésirables", "pourriel", "correo no deseado",
        "no deseado", "posta indesiderata", "indesiderata", "lixo eletrônico", "lixo eletrónico",
        "correio não solicitado",
        "ongewenste e-mail", "ongewenste mail", "ongewenst", "wiadomości-śmieci", "wiadomości śmieci", "niechciane",
        "skräppost", "skräp", "uønsket e-mail", "uønsket mail", "søppelpost", "roskaposti", "nevyžádaná pošta",
        "levélszemét", "istenmeyen", "gereksiz e-posta", "спам", "нежелательная почта", "迷惑メール", "垃圾邮件",
        "垃圾郵件", "스팸메일함", "스팸",
    ),
    FolderRole.FLAGGED: (
        "starred", "flagged", "markiert", "suivis", "destacados", "speciali", "com estrela", "met ster",
        "oznaczone gwiazdką", "stjärnmärkt", "stjernemarkerede", "помеченные", "スター付き", "已加星标",
    ),
}  # fmt: skip

ROLE_OF_NAME = {name: role for role, names in NAMES.items() for name in names}
RANK_OF_NAME = {name: rank for names in NAMES.values() for rank, name in enumerate(names)}
