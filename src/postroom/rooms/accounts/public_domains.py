"""Mail domains that anyone can have an address at: none of them is ever the domain of a company.

Two lists: families, which providers run under many countries' endings (yahoo.fr, yahoo.co.uk), and single domains.
Sources: the providers' own sign-up pages and the domain lists of Thunderbird's autoconfig database.
"""


def _domains(text: str) -> frozenset[str]:
    return frozenset(text.split())


FAMILIES = frozenset(
    ("yahoo", "ymail", "rocketmail", "hotmail", "outlook", "live", "msn", "gmx", "googlemail", "aol", "yandex",
     "protonmail", "windowslive")
)  # fmt: skip
"""First labels that belong to one provider under every ending that is a country's or com, net, org."""

DOMAINS = _domains(
    """
    gmail.com inbox.com mail.com email.com usa.com myself.com consultant.com post.com europe.com
    asia.com iname.com writeme.com dr.com engineer.com cheerful.com techie.com accountant.com workmail.com
    icloud.com me.com mac.com privaterelay.appleid.com proton.me pm.me tutanota.com tutanota.de tutamail.com tuta.io
    tuta.com keemail.me fastmail.com fastmail.fm fastmail.net fastmail.org sent.com messagingengine.com hey.com
    zoho.com zohomail.com zohomail.eu zohomail.in zoho.eu zoho.in hushmail.com hushmail.me hush.com mailfence.com
    posteo.de posteo.net posteo.eu posteo.at posteo.ch posteo.org mailbox.org startmail.com runbox.com disroot.org
    riseup.net autistici.org cock.li airmail.cc kolabnow.com countermail.com ctemplar.com elude.in skiff.com
    passport.com windowslive.com hotmail.co hotmail.com.br outlook.com.br myyahoo.com verizon.net aim.com love.com
    games.com wow.com netscape.net netscape.com compuserve.com cs.com att.net sbcglobal.net bellsouth.net ameritech.net
    pacbell.net flash.net swbell.net prodigy.net nvbell.net snet.net wans.net comcast.net xfinity.com cox.net
    charter.net spectrum.net rr.com roadrunner.com twc.com earthlink.net mindspring.com juno.com netzero.net netzero.com
    optonline.net optimum.net cablevision.com frontier.com frontiernet.net windstream.net centurylink.net
    centurytel.net embarqmail.com q.com qwest.net suddenlink.net mediacombb.net wowway.com tds.net hughes.net
    cableone.net sparklight.net consolidated.net peoplepc.com excite.com lycos.com bigfoot.com rediffmail.com
    rediff.com indiatimes.com sify.com in.com vsnl.net vsnl.com bsnl.in dataone.in airtelmail.in
    gmx.com gmx.us gmx.info gmx.biz web.de email.de freenet.de t-online.de magenta.de arcor.de arcormail.de vodafone.de
    vodafonemail.de unitybox.de kabelmail.de 1und1.de online.de onlinehome.de mail.de emailn.de freemail.de
    firemail.de smart-mail.de hotmail.de netcologne.de ewetel.net osnanet.de htp-tel.de mnet-online.de mnet-mail.de
    versanet.de alice.de alice-dsl.net o2mail.de o2online.de genion.de loop.de gmx-topmail.de compuserve.de aol.de
    chello.at aon.at a1.net inode.at liwest.at kabsi.at utanet.at drei.at tele2.at
    bluewin.ch sunrise.ch hispeed.ch swissonline.ch gmx.ch vtxmail.ch green.ch tele2.ch datacomm.ch quickline.ch
    orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr 9online.fr 9business.fr cegetel.net club-internet.fr
    numericable.fr numericable.com noos.fr bbox.fr aliceadsl.fr libertysurf.fr voila.fr caramail.com online.fr
    nordnet.fr estvideo.fr modulonet.fr evhr.net mailo.com net-c.com netcourrier.com mail.fr
    libero.it virgilio.it tin.it alice.it tim.it telecomitalia.it tiscali.it tiscalinet.it inwind.it iol.it blu.it
    giallo.it fastwebnet.it email.it katamail.com kataweb.it teletu.it tele2.it vodafone.it infinito.it supereva.it
    poste.it postecert.it pec.it legalmail.it arubapec.it aruba.it interfree.it jumpy.it
    terra.es telefonica.net movistar.es ono.com jazzfree.com jazztel.es orange.es wanadoo.es ya.com euskaltel.net
    mundo-r.com vodafone.es eresmas.com
    sapo.pt netcabo.pt clix.pt iol.pt mail.telepac.pt telepac.pt meo.pt nos.pt zonmail.pt vodafone.pt oninet.pt
    btinternet.com btopenworld.com btconnect.com talk21.com sky.com virginmedia.com virgin.net ntlworld.com
    blueyonder.co.uk talktalk.net talktalk.co.uk tiscali.co.uk lineone.net plus.com plusnet.com force9.co.uk
    o2.co.uk orange.net orangehome.co.uk wanadoo.co.uk freeserve.co.uk fsmail.net f2s.com madasafish.com supanet.com
    demon.co.uk zen.co.uk vodafone.co.uk ukgateway.net onetel.com tesco.net mail.co.uk
    eircom.net iol.ie vodafone.ie upcmail.ie indigo.ie
    ziggo.nl ziggomail.com kpnmail.nl kpnplanet.nl planet.nl hetnet.nl home.nl casema.nl chello.nl upcmail.nl xs4all.nl
    tele2.nl telfort.nl telfortglasvezel.nl online.nl onsnet.nl caiway.nl caiway.net solcon.nl zeelandnet.nl quicknet.nl
    zonnet.nl versatel.nl wxs.nl lijbrandt.nl concepts.nl kabelfoon.nl
    skynet.be proximus.be telenet.be scarlet.be belgacom.net voo.be brutele.be tvcablenet.be
    pt.lu internet.lu vo.lu tango.lu
    telia.com tele2.se bredband.net bredband2.com comhem.se spray.se passagen.se swipnet.se home.se
    online.no broadpark.no getmail.no lyse.net c2i.net start.no frisurf.no
    mail.dk stofanet.dk tdcadsl.dk tdc.dk jubii.dk ofir.dk get2net.dk webspeed.dk dlgmail.dk youmail.dk privat.dk
    welho.com elisanet.fi kolumbus.fi luukku.com luukku.fi saunalahti.fi pp.inet.fi suomi24.fi netti.fi dnainternet.net
    wp.pl o2.pl tlen.pl onet.pl onet.eu op.pl vp.pl poczta.onet.pl poczta.fm interia.pl interia.eu interia.com gazeta.pl
    autograf.pl buziaczek.pl amorki.pl go2.pl int.pl neostrada.pl gery.pl spoko.pl
    seznam.cz email.cz post.cz spoluzaci.cz centrum.cz atlas.cz volny.cz tiscali.cz quick.cz iol.cz upcmail.cz
    centrum.sk azet.sk zoznam.sk post.sk pobox.sk stonline.sk slovanet.sk orangemail.sk
    freemail.hu citromail.hu vipmail.hu t-online.hu t-email.hu indamail.hu mailbox.hu upcmail.hu digikabel.hu
    abv.bg mail.bg dir.bg gbg.bg yahoo.ro rdslink.ro clicknet.ro
    mail.ru bk.ru inbox.ru list.ru internet.ru xmail.ru ya.ru narod.ru rambler.ru lenta.ru autorambler.ru myrambler.ru
    ro.ru rambler.ua pochta.ru qip.ru nm.ru hotbox.ru e1.ru ngs.ru
    ukr.net i.ua meta.ua bigmir.net online.ua email.ua ua.fm tut.by mail.by inbox.lv mail.ee hot.ee one.lt delfi.lt
    mynet.com ttmail.com ttnet.net.tr superonline.com turk.net e-kolay.net walla.co.il walla.com 012.net.il
    netvision.net.il bezeqint.net zahav.net.il otenet.gr forthnet.gr hol.gr in.gr freemail.gr pathfinder.gr
    qq.com vip.qq.com foxmail.com 163.com vip.163.com 126.com vip.126.com yeah.net 188.com sina.com sina.cn
    vip.sina.com sohu.com vip.sohu.com tom.com 21cn.com 139.com 189.cn wo.cn 2980.com aliyun.com
    263.net chinaren.com eyou.com hexun.com
    hkbn.net netvigator.com pacific.net.hk biznetvigator.com hinet.net seed.net.tw pchome.com.tw
    naver.com hanmail.net daum.net kakao.com nate.com lycos.co.kr empal.com korea.com dreamwiz.com chol.com
    docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp i.softbank.jp ybb.ne.jp nifty.com biglobe.ne.jp so-net.ne.jp
    ocn.ne.jp plala.or.jp dion.ne.jp excite.co.jp infoseek.jp goo.jp mail.goo.ne.jp auone.jp uqmobile.jp asahi-net.or.jp
    singnet.com.sg starhub.net.sg pacific.net.sg streamyx.com tm.net.my indosat.net.id telkom.net plasa.com
    pldtdsl.net globe.com.ph vnn.vn fpt.vn
    bigpond.com bigpond.net.au bigpond.com.au telstra.com optusnet.com.au optusnet.com iinet.net.au westnet.com.au
    tpg.com.au internode.on.net adam.com.au dodo.com.au ozemail.com.au exetel.com.au iprimus.com.au
    xtra.co.nz slingshot.co.nz paradise.net.nz clear.net.nz ihug.co.nz orcon.net.nz vodafone.co.nz vodafone.net.nz
    uol.com.br bol.com.br terra.com.br ig.com.br globo.com globomail.com r7.com oi.com.br zipmail.com.br superig.com.br
    itelefonica.com.br pop.com.br brturbo.com.br veloxmail.com.br
    fibertel.com.ar arnet.com.ar speedy.com.ar ciudad.com.ar uolsinectis.com.ar arnetbiz.com.ar sion.com
    prodigy.net.mx infinitummail.com telmex.com une.net.co etb.net.co vtr.net entelchile.net terra.cl cantv.net
    sympatico.ca rogers.com shaw.ca telus.net videotron.ca bell.net cogeco.ca cogeco.net eastlink.ca mts.net sasktel.net
    nb.sympatico.ca xplornet.com teksavvy.com look.ca istop.com
    mweb.co.za telkomsa.net iafrica.com vodamail.co.za webmail.co.za absamail.co.za lantic.net polka.co.za
    maktoob.com emirates.net.ae eim.ae link.net tedata.net.eg menara.ma
    mailinator.com guerrillamail.com 10minutemail.com temp-mail.org yopmail.com trashmail.com sharklasers.com
    duck.com simplelogin.com anonaddy.com relay.firefox.com mozmail.com pobox.com bigstring.com safe-mail.net
    mailcity.com atomicmail.io soverin.net migadu.com mail-me.com opayq.com purelymail.com ik.me ikmail.com etik.com
    """
)


def is_public_domain(domain: str) -> bool:
    """Whether anyone can have an address at this domain (lower case, A-labels)."""
    if domain in DOMAINS:
        return True
    first, _, ending = domain.partition(".")
    return first in FAMILIES and is_country_ending(ending)


def is_country_ending(ending: str) -> bool:
    """`fr`, `com`, `co.uk`, `com.br`: what stands after a name that a provider holds in every country."""
    labels = ending.split(".")
    if len(labels) == 1:
        return ending in {"com", "net", "org", "me", "ch"} or len(ending) == 2
    return len(labels) == 2 and labels[0] in {"co", "com", "net", "org", "ne"} and len(labels[1]) == 2
