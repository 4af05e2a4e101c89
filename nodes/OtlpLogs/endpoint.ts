/** Where records are posted to, from what people enter. Once for the node and for the credential's test, which is an expression. */

/** Address, with or without the path of OTLP; the query, which may hold a token. */
export const ENDPOINT = /^([^?#]*?)\/*(?:\/v1\/logs)?\/*(\?[^#]*)?(?:#.*)?$/;
/** The path of OTLP stands before the query. */
export const WITH_PATH = '$1/v1/logs$2';
