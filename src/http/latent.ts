/**
 * Latents as text, for addresses: base64url (RFC 4648, section 5, without padding) of whole numbers of 16 bits, the low
 * byte first, in the sampler's units. Not here: what a latent is, and how long.
 */

/** A latent's text. */
export function textOfLatent(latent: Int16Array): string {
  const view = new DataView(new ArrayBuffer(2 * latent.length));
  for (const [i, units] of latent.entries()) view.setInt16(2 * i, units, true);
  const bytes = String.fromCharCode(...new Uint8Array(view.buffer));
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The latent of a text; undefined for any text but the one that textOfLatent gives it. */
export function latentOfText(text: string): Int16Array | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(text) || text.length % 4 === 1) return undefined;
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  if (bytes.length % 2 === 1) return undefined;
  const view = new DataView(Uint8Array.from(bytes, (each) => each.charCodeAt(0)).buffer);
  const latent = Int16Array.from({ length: bytes.length / 2 }, (_, i) =>
    view.getInt16(2 * i, true),
  );
  return textOfLatent(latent) === text ? latent : undefined;
}
