/** Which of the service's models draws on the page: the current one, or an earlier one that the address names. */

import { modelPath } from '../../http/model-path.ts';
import type { Address } from './address.ts';
import { byId } from './dom.ts';

/** What /model says of them, each by 16 hex digits. */
interface Models {
  readonly current: string;
  readonly earlier: readonly string[];
}

/**
 * Offers a choice where there is one.
 * @returns where the weights are that the address asks for
 */
export async function chosenWeights(address: Address): Promise<string> {
  const { current, earlier } = await askForModels();
  const { model: wanted = current } = address.state();
  const isEarlier = earlier.includes(wanted);
  const choice = byId('model', HTMLSelectElement);
  choice.append(
    new Option(`${current}, the current one`, ''),
    ...earlier.map((name) => new Option(name, name)),
  );
  choice.value = isEarlier ? wanted : '';
  byId('model-choice', HTMLElement).hidden = earlier.length === 0;
  // Everything on the page is another model's then, so it starts anew.
  choice.addEventListener('change', () => {
    address.push({ model: choice.value });
    location.reload();
  });
  address.onTravel(({ model = current }) => {
    if (model !== wanted) location.reload();
  });
  return isEarlier ? modelPath(wanted) : byId('weights', HTMLLinkElement).href;
}

async function askForModels(): Promise<Models> {
  const none = { current: '', earlier: [] };
  const response = await fetch('/model').catch(() => undefined);
  return response?.ok ? ((await response.json().catch(() => none)) as Models) : none;
}
