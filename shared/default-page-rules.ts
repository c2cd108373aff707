/** The page rules of the default model: usual paths in English, German, French, Spanish, Portuguese and Japanese. */
import type { Funnel } from './event.ts'
import type { PageRule } from './model.ts'

const rules = (paths: string, funnel: Funnel | undefined, signal?: string): readonly PageRule[] =>
  paths.split(' ').map((path) => ({ path: `/${path}`, ...(funnel && { funnel }), ...(signal && { signal }) }))

/** Ordered: the first that matches decides, so what says little of a buyer comes first. */
export const DEFAULT_PAGE_RULES: readonly PageRule[] = [
  ...rules(
    'login log-in signin sign-in anmelden connexion se-connecter iniciar-sesion entrar ログイン',
    undefined,
    'login',
  ),
  ...rules(
    'support help help-center hilfe kundendienst aide assistance ayuda soporte ajuda suporte サポート',
    undefined,
    'support',
  ),
  ...rules(
    'careers career jobs karriere stellenangebote carrieres recrutement emplois empleo carreras trabaja-con-nosotros ' +
      'carreiras vagas trabalhe-conosco 採用 採用情報 recruit',
    undefined,
    'careers',
  ),
  ...rules(
    'docs documentation developers api-reference dokumentation documentacion documentacao ドキュメント',
    'mofu',
    'tech_docs',
  ),
  ...rules(
    'faq faqs haeufige-fragen questions-frequentes preguntas-frecuentes perguntas-frequentes よくある質問',
    'mofu',
    'faq',
  ),
  ...rules(
    'blog articles article how-to guides learn academy magazin ratgeber actualites conseils articulos consejos artigos dicas ' +
      'ブログ コラム',
    'tofu',
    'tofu_page',
  ),
  ...rules(
    'case-stud* success-stor* customer-stor* customers referenzen fallstudie* kundenstimmen etude-de-cas etudes-de-cas ' +
      'casos-de-exito casos-de-estudio estudos-de-caso casos-de-sucesso 導入事例 事例',
    'mofu',
    'case_study',
  ),
  ...rules(
    'testimonials bewertungen temoignages avis-clients testimonios depoimentos お客様の声',
    'mofu',
    'testimonial',
  ),
  ...rules(
    'compare comparison comparisons vs versus *-vs-* alternatives vergleich vergleiche comparatif comparaison comparar ' +
      'comparativa comparacion comparacao comparativo 比較',
    'mofu',
    'comparison',
  ),
  ...rules(
    'buyers-guide buying-guide kaufratgeber guide-d-achat guide-achat guia-de-compra 選び方',
    'mofu',
    'buyers_guide',
  ),
  ...rules('checkout kasse commande finalizar-compra finalizar-pedido 購入手続き', 'bofu', 'checkout_start'),
  ...rules('cart basket warenkorb panier carrito carrinho カート', 'bofu'),
  ...rules(
    'pricing prices price plans preise preis tarife tarifs tarif prix precios precio tarifas precos preco planos 料金 価格 プラン',
    'bofu',
    'pricing',
  ),
  ...rules(
    'demo$ request-demo book-a-demo demo-request free-trial contact-sales get-a-quote quote vertrieb angebot ' +
      'demande-de-demo devis solicitar-demo cotizacion solicitar-demonstracao orcamento デモ 見積もり',
    'bofu',
  ),
  ...rules(
    'product products features solutions solution services platform produkte produkt loesungen leistungen funktionen ' +
      'produits produit fonctionnalites productos producto soluciones servicios funciones produtos produto solucoes ' +
      'servicos recursos 製品 サービス 機能 ソリューション',
    'mofu',
    'commercial_page',
  ),
]
