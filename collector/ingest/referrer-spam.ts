/**
 * Sites that send no visitors but their own name, to be clicked on in reports. Our own selection of what is in Matomo's
 * referrer-spam-list (github.com/matomo-org/referrer-spam-list, public domain): the families that come back under ever
 * new names, and the best known single ones. Hosts only; what is not surely spam is left in.
 */

/** Names made by a rule, so that tomorrow's is known too. Matched against the registered part of a host. */
const FAMILIES: readonly RegExp[] = [
  /^(eu-)?cookie-law-enforcement/,
  /^law-(enforcement-(bot|check)|check|six|enforcement)-?\w*\.xyz$/,
  /^(get)?bot-?traffic\d*(4free)?\d*\./,
  /traffic(2(cash|money)|bot4free|moneti[sz]er?|-cash)/,
  /^(get-)?(free-|your-|simple-|floating-|\d-)*(social|share|floating|website)-?(buttons?|traffic)(-for-|-ii|-?\d*\.)/,
  /^free-(fb|fbook|website|share|social|floating|video)-?(traffic|buttons|tool)/,
  /^buttons-for-/,
  /^(blog(organic)?|cheap|gamma|star|super|uc|wp|your|webmaster-|x)traffic(plus|drive)?\./,
  /^xtraffic/,
  /^social-traffic-\d/,
  /^(semalt|ilovevitaly|ranksonic|darodar|priceg|blackhatworth|cenoval|hulfingtonpost|econom)(media)?\.(com?|ru|net|org|info|xyz)$/,
  /^keywords-monitoring-(your-)?success\./,
  /^(\d+-)?best-seo-|^seo-(2-0|platform|smm|traffic|tips)\b/,
  /^(kabinet|cabinet|lichnyj-kabinet)-[a-z-]+\.ru$/,
  /^hydra(2\w*|ruz\w*|onion\w*|-onion\w*|mirror\w*|market\w*|how|shop\w*|web\w*|centr\w*)\.(com|net|org|info|ru|biz|top|xyz)$/,
  /^(x-?slots?|superslots?|vavada|mostbet|vulkan)[a-z0-9-]*\.(ru|com|xyz|site|online|club|top|fun|space)$/,
  /^(\w+-)*(casino|cazino|kazino)(-\w+)*\.(ru|xyz|site|website|online|top|club|fun|space|icu|shop)$/,
  /^(\w*-)?(porno|sssexx?x|sexx?x|girlporn|russianporn)\w*\.(ru|net|org|xyz|site|club|info)$/,
]

/** Single ones. */
const HOSTS = new Set(
  `1-99seo.com 1-best-seo.com 100-reasons-for-seo.com 100dollars-seo.com 12-reasons-for-seo.net 15-reasons-for-seo.com
  1x-slot.site 1x-slots.site 1xslot.site 1xslots-africa.site 1xslots-brasil.site 1xslots.site 2-best-seo.com
  3-best-seo.com 4-best-seo.com 40momporntube.com 4webmasters.org 5-best-seo.com 5forex.ru 6-best-seo.com
  7-best-seo.com 7makemoneyonline.com 8-best-seo.com 9-best-seo.com 99-reasons-for-seo.com acunetix-referrer.com
  adcash.com adrenalinebot.net adrenalinebot.ru adult-video-chat.ru ai-seo-services.com alfabot.xyz
  allcryptonews.com alpharma.net amazon-seo-service.com analytics-ads.xyz anti-crisis-seo.com anticrawler.org
  applepharma.ru apteka-pharm.ru atleticpharm.org auto-seo-service.org autoseo-service.org autoseo-traffic.com
  autoseotips.com backlinks-fast-top.com bdf-tracker.top best-seo-offer.com bestofferhddbyt.info bestofferhddeed.info
  bestwebsitesawards.com biglistofwebsites.com bitcoin-ua.top blogseo.xyz bluerobot.info bonus-betting.ru bonus-vtb.ru
  brakehawk.com chatmall.xyz chatrazvrat.ru chinese-amezon.com clicksor.com copyrightclaims.org crypto-bear.com
  crypto-bears.com crypto-mining.club crypto-wallets.org crypto1x1.com dailyrank.net dailyseo.xyz dbutton.net
  descargar-musica-gratis.net domain-tracker.com domination.ml doxyporno.com doxysexy.com e-buyeasy.com
  e-commerce-seo.com e-commerce-seo1.com earn-from-articles.com earnian-money.info ecommerce-seo.org energysexy.com
  ero-video-chat.org erot.co event-tracking.com exclusive-profit.com exotic-video-chat.ru fix-website-errors.com
  forex-procto.ru forsex.info forum69.info frankofficial.ru free-traffic.xyz free-video-chat.ru gays-video-chat.ru
  gearsadspromo.club generalporn.org get-clickize.info get-seo-help.com getfy-click.info getpy-click.info
  glavprofit.ru guardlink.org headpharmacy.com hit-kino.ru hongfanji.com hosting-tracker.com howtostopreferralspam.eu
  humanorightswatch.org increasewwwtraffic.info instasexyblog.com intimchats.ru iskalko.ru justprofit.xyz
  kambasoft.com landoftracking.com lerporn.info lsex.xyz makemoneyonline.com maxxximoda.ru miaxxx.com
  monetizationking.net money7777.info moneytop.ru moneyzzz.ru mybestoffers.club mycheaptraffic.com mysexpics.ru
  natali-forex.com net-profits.xyz newbieseoblog.online o-o-6-o-o.com o-o-8-o-o.com online-hit.info online-pharma.ru
  online-video-chat.ru pharm--shop.ru poker-royal777.com porn-video-chat.ru porndl.org pornhive.org pornhub-ru.com
  porno-asia.com porno-chaman.info porno-gallery.ru pornoforadult.com pornogig.com pornohd1080.online pornonik.com
  pornoplen.com progressive-seo.com promoforum.ru promoteapps.online promotion-for99.com rank-checker.online
  rankings-analytics.com rapidhits.net resell-seo-services.com responsive-test.net rufreechats.com rusexy.xyz
  russian-videochats.ru sanjosestartups.com savetubevideo.com search-error.com seo-services-b2b.com seoanalyses.com
  seobook.top seocheckupx.com seocheckupx.net seoexperimenty.ru seojokes.net seopub.net seoservices2018.com
  sex-spying.ru sex-videochats.ru sexpornotales.net sexreliz.com sexreliz.net sexsaoy.com sexuria.net sexwife.net
  sexy-girl-chat.ru sexyali.com sharebutton.io sharebutton.net sharebutton.to site-auditor.online slotron.com
  slow-website.xyz smailik.org snip.to socialbuttons.xyz success-seo.com super-seo-guru.com superiends.org
  tesla-audit.ru tgtclick.com theguardlan.com top1-seo-service.com topquality.cf track-rankings.online
  tracker24-gps.ru trafficdrive.club trafficgenius.xyz trafficstudio.club transsex-videochat.ru uptimechecker.com
  viagra-soft.ru videochat-dating.ru videos-for-your-business.com virtchats.ru virtual-sex-chat.ru virtual-sex-time.ru
  vksex.ru wakeupseoconsultant.com webmonetizer.net website-analyzer.info websitebottraffic.host websites-reviews.com
  wordpress-crew.net xn--c1acygb.xn--p1ai xxxvideochat.ru yaderenergy.ru youporn-ru.com`
    .trim()
    .split(/\s+/),
)

/** A host and the names above it: `a.b.c`, `b.c`. */
const namesOf = (host: string): readonly string[] => {
  const parts = host.toLowerCase().replace(/\.$/, '').split('.')
  return parts.slice(0, -1).map((_, n) => parts.slice(n).join('.'))
}

/** Hosts remembered, for most referrers are pages of the site itself. */
const REMEMBERED = 2000
const known = new Map<string, boolean>()

const look = (host: string): boolean => {
  const names = namesOf(host)
  const registered = names.at(-1) ?? ''
  return names.some((name) => HOSTS.has(name)) || FAMILIES.some((family) => family.test(registered))
}

/** Whether a referrer's host is known to be spam, itself or as a part of one. */
export const isReferrerSpam = (host: string): boolean => {
  const answer = known.get(host) ?? look(host)
  if (known.size >= REMEMBERED) known.clear()
  known.set(host, answer)
  return answer
}
