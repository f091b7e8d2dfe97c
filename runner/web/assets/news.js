// Fills and warnings carry numbers: what was missed is asked for, nothing is shown twice.
import { api, get } from "./net.js";

export const news = (on, { market = "", fill = 0, warning = 0 } = {}) => {
  let busy = false;
  return async (told) => {
    // A deploy that was started again counts anew.
    if (told.last_fill < fill || told.last_warning < warning) [fill, warning] = [0, 0];
    if (busy || (told.last_fill <= fill && told.last_warning <= warning)) return;
    busy = true;
    try {
      const fresh = await get(api(`/news?market=${market}&fill=${fill}&warning=${warning}`));
      [fill, warning] = [told.last_fill, told.last_warning];
      fresh.fills.forEach((one) => { fill = Math.max(fill, one.number); });
      fresh.warnings.forEach((one) => { warning = Math.max(warning, one.number); });
      on(fresh);
    } finally {
      busy = false;
    }
  };
};
