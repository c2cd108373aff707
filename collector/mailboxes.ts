/**
 * Mail providers whose addresses tell no company: those that many people use, those made for throwing away, and the free
 * names people hang a mailbox on. Not complete, and it need not be: the long tail looks like a very small company.
 */

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/** Names of providers under whatever ending: `yahoo.com`, `yahoo.co.jp`. */
export const PROVIDERS: ReadonlySet<string> = new Set(
  words(`
    yahoo outlook live msn aol gmx icloud proton tutanota tuta yandex lycos posteo mailbox mail email e-mail mailfence
    runbox rediff disroot riseup mail4u excite juno inbox netc net-c altavista terra uol globo libero virgilio tin
    hanmail naver daum qq 163 126 yeah foxmail 139 189 21cn seznam volny abv onet interia poczta freenet arcor
    t-online web laposte caramail walla citromail azet zoznam pobox rambler ukr mynet cock
  `),
)

/** Providers whose name under another ending may be a company, and access providers, whose staff write from others. */
export const DOMAINS: ReadonlySet<string> = new Set(
  words(`
    me.com mac.com pm.me aim.com ya.ru hey.com duck.com mozmail.com privaterelay.appleid.com zoho.com zoho.eu zoho.in
    zzn.com usa.com usa.net dr.com post.com consultant.com engineer.com writeme.com iname.com europe.com asia.com
    list.ru bk.ru pochta.ru hotbox.ru ngs.ru i.ua meta.ua bigmir.net online.ua hot.ee wp.pl o2.pl vp.pl tlen.pl op.pl
    atlas.cz centrum.cz centrum.sk post.cz post.sk freemail.hu vipmail.hu indamail.hu
    free.fr orange.fr wanadoo.fr sfr.fr neuf.fr bbox.fr numericable.fr aliceadsl.fr noos.fr club-internet.fr voila.fr
    alice.it tiscali.it tiscali.co.uk inwind.it iol.it supereva.it fastwebnet.it vodafone.it vodafone.de
    kabelmail.de online.de ewetel.net unitybox.de alice-dsl.net freenet.de bluewin.ch hispeed.ch sunrise.ch aon.at
    chello.at chello.nl home.nl ziggo.nl xs4all.nl planet.nl hetnet.nl zonnet.nl quicknet.nl casema.nl upcmail.nl
    kpnmail.nl kpnplanet.nl tele2.nl telenet.be skynet.be scarlet.be belgacom.be
    btinternet.com btopenworld.com ntlworld.com blueyonder.co.uk virginmedia.com talktalk.net sky.com tesco.net
    eircom.net telia.com tele2.se bredband.net home.se spray.se luukku.com suomi24.fi kolumbus.fi online.no sapo.pt
    clix.pt netcabo.pt telefonica.net ono.com ig.com.br bol.com.br oi.com.br telecom.net.ar fibertel.com.ar
    comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net mindspring.com
    windstream.net frontier.com frontiernet.net rr.com optonline.net cableone.net suddenlink.net centurylink.net
    embarqmail.com netzero.net shaw.ca rogers.com sympatico.ca videotron.ca telus.net
    bigpond.com bigpond.net.au optusnet.com.au iinet.net.au tpg.com.au xtra.co.nz sina.com sina.cn sohu.com tom.com
    aliyun.com wo.cn nate.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp i.softbank.jp nifty.com biglobe.ne.jp ocn.ne.jp
    so-net.ne.jp plala.or.jp dion.ne.jp infoseek.jp otenet.gr forthnet.gr netvision.net.il bezeqint.net ttmail.com
    sharklasers.com grr.la mohmal.com moakt.com emailondeck.com getnada.com nada.email mailsac.com mailnesia.com
    dispostable.com 33mail.com burnermail.io inboxkitten.com mintemail.com receiveee.com e4ward.com otherinbox.com
    byom.de einrot.com cuvox.de dayrep.com fleckens.hu gustr.com jourrapide.com rhyta.com superrito.com teleworm.us
    armyspy.com mailosaur.net dropmail.me tempr.email dynv6.net eu.cc cc.cd fr.nf ccwu.cc de5.net dpdns.org qzz.io us.ci
    pp.ua indevs.in eu.org infos.st dedyn.io linkpc.net run.place cu.cc nyc.mn freeddns.org mywire.org asso.st ddnss.de
    kro.kr zone.id
  `),
)

/** Names that say of themselves what they are: a mailbox for anybody, or one that is not meant to last. */
export const TELLING: readonly RegExp[] = [
  /(?<!^(?:royal|daily|send))mail$/,
  /^mail2[a-z]/,
  /spam|mailinator|muell|wegwer?f|jetable|discard|throw-?away/,
  /(?:temp|trash|junk|fake|dispos|minut|anony|hide|drop|dead|incognito|instant|one-?time|\d0).*(?:mail|inbox)/,
  /mail.*(?:temp|trash|junk|fake|drop|catch|nator|expire|null)/,
]
