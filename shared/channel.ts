/** What kind of place a host is: a search engine, a social network, an assistant, a mailbox; and what it is called. */

export interface Channel {
  readonly medium: 'organic' | 'social' | 'ai' | 'email' | 'cpc'
  readonly source: string
}

type Hosts = Readonly<Record<string, string>>

/** `.*` stands for any country: com, de, co.uk, com.br. Search engines live beside portals: a host counts as it is. */
const SEARCH: Hosts = {
  google: 'google.* googleadservices.com',
  bing: 'bing.com',
  duckduckgo: 'duckduckgo.com',
  yahoo: 'search.yahoo.* yahoo.*',
  ecosia: 'ecosia.org',
  baidu: 'baidu.com',
  yandex: 'yandex.* ya.ru',
  qwant: 'qwant.com',
  startpage: 'startpage.com eu.startpage.com',
  brave: 'search.brave.com',
  naver: 'search.naver.com naver.com',
  seznam: 'search.seznam.cz seznam.cz',
  daum: 'search.daum.net',
  sogou: 'sogou.com',
  so: 'so.com',
  aol: 'search.aol.*',
  ask: 'ask.com',
  kagi: 'kagi.com',
  mojeek: 'mojeek.com',
  metager: 'metager.de metager.org',
  swisscows: 'swisscows.com',
  rambler: 'nova.rambler.ru',
}

/** These count with whatever stands before them: `l.facebook.com`, `out.reddit.com`. */
const SOCIAL: Hosts = {
  linkedin: 'linkedin.com lnkd.in',
  facebook: 'facebook.com fb.com fb.me',
  instagram: 'instagram.com',
  threads: 'threads.net threads.com',
  x: 'x.com twitter.com t.co',
  reddit: 'reddit.com redd.it',
  youtube: 'youtube.com youtu.be',
  tiktok: 'tiktok.com',
  pinterest: 'pinterest.* pin.it',
  mastodon: 'mastodon.social mastodon.online mstdn.social mstdn.jp fosstodon.org hachyderm.io',
  bluesky: 'bsky.app',
  xing: 'xing.com',
  quora: 'quora.com',
  tumblr: 'tumblr.com',
  snapchat: 'snapchat.com',
  vk: 'vk.com',
  weibo: 'weibo.com weibo.cn',
  telegram: 't.me web.telegram.org',
  whatsapp: 'web.whatsapp.com wa.me',
  discord: 'discord.com',
  'hacker-news': 'news.ycombinator.com',
}
const ASSISTANTS: Hosts = {
  chatgpt: 'chatgpt.com chat.openai.com',
  perplexity: 'perplexity.ai',
  gemini: 'gemini.google.com bard.google.com',
  copilot: 'copilot.microsoft.com copilot.cloud.microsoft',
  claude: 'claude.ai',
  deepseek: 'chat.deepseek.com',
  mistral: 'chat.mistral.ai',
  grok: 'grok.com',
  'meta-ai': 'meta.ai',
  poe: 'poe.com',
  phind: 'phind.com',
}
const MAILBOXES: Hosts = {
  gmail: 'mail.google.com',
  outlook: 'outlook.live.com outlook.office.com outlook.office365.com',
  yahoo: 'mail.yahoo.* mail.yahoo.net',
  proton: 'mail.proton.me mail.protonmail.com',
  gmx: 'navigator.gmx.* 3c.gmx.* deref-gmx.* deref-gmx.net',
  'web-de': 'navigator.web.de 3c.web.de deref-web.de',
  't-online': 'email.t-online.de',
  aol: 'mail.aol.com',
  icloud: 'icloud.com',
  fastmail: 'fastmail.com',
  zoho: 'mail.zoho.*',
  'mail-ru': 'e.mail.ru',
  yandex: 'mail.yandex.*',
  naver: 'mail.naver.com',
}

/** What an address gets when an advertisement or a mailing is clicked. One of Facebook's is on every link it shows. */
const CLICK_IDS: Readonly<Record<string, Channel>> = {
  gclid: { medium: 'cpc', source: 'google' },
  gbraid: { medium: 'cpc', source: 'google' },
  wbraid: { medium: 'cpc', source: 'google' },
  dclid: { medium: 'cpc', source: 'google' },
  msclkid: { medium: 'cpc', source: 'bing' },
  yclid: { medium: 'cpc', source: 'yandex' },
  li_fat_id: { medium: 'cpc', source: 'linkedin' },
  ttclid: { medium: 'cpc', source: 'tiktok' },
  twclid: { medium: 'cpc', source: 'x' },
  fbclid: { medium: 'social', source: 'facebook' },
  mc_eid: { medium: 'email', source: 'mailchimp' },
  _hsenc: { medium: 'email', source: 'hubspot' },
}

const tableOf = (medium: Channel['medium'], all: Hosts): readonly (readonly [string, Channel])[] =>
  Object.entries(all).flatMap(([source, hosts]) => hosts.split(' ').map((host) => [host, { medium, source }] as const))

const ALONE: ReadonlyMap<string, Channel> = new Map(tableOf('organic', SEARCH))
const WITH_PARTS: ReadonlyMap<string, Channel> = new Map([
  ...tableOf('social', SOCIAL),
  ...tableOf('ai', ASSISTANTS),
  ...tableOf('email', MAILBOXES),
])

const COUNTRY = /\.(com|(com?\.)?[a-z]{2})$/
/** Doors of one engine: by language, by device, for pictures and news. */
const DOOR = /^(www|[a-z]{1,2}|images|news|html|lite|safe)\./

const lookUp = (table: ReadonlyMap<string, Channel>, host: string): Channel | undefined =>
  table.get(host) ?? table.get(host.replace(COUNTRY, '.*'))

/** Of a host in lower case without `www.`; undefined where it is a website like others. */
export const channelOf = (host: string): Channel | undefined => {
  const labels = host.split('.')
  for (let n = 0; n < labels.length - 1; n += 1) {
    const found = lookUp(WITH_PARTS, labels.slice(n).join('.'))
    if (found) return found
  }
  return lookUp(ALONE, host) ?? lookUp(ALONE, host.replace(DOOR, ''))
}

/** By the first click id that the query has. */
export const clickOf = (query: URLSearchParams): Channel | undefined => {
  const name = Object.keys(CLICK_IDS).find((each) => query.has(each))
  return name === undefined ? undefined : CLICK_IDS[name]
}
