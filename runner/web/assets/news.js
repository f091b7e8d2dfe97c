// Fills and warnings carry numbers: what was missed is asked for, nothing is shown twice.
import { api, get } from "./net.js";

// `warning: null` asks for none. A deploy that was started again counts anew; its page is opened anew (live.js).
export const news = (on, { market = "", fill = 0, warning = 0 } = {}) => {
  let busy = false;
  return async (told) => {
    const isNew = told.last_fill > fill || (warning !== null && told.last_warning > warning);
    if (busy || !isNew) return;
    busy = true;
    try {
      const fresh = await get(api(`/news?market=${market}&fill=${fill}&warning=${warning ?? told.last_warning}`));
      fill = Math.max(told.last_fill, ...fresh.fills.map((one) => one.number));
      if (warning !== null) warning = Math.max(told.last_warning, ...fresh.warnings.map((one) => one.number));
      on(fresh);
    } finally {
      busy = false;
    }
  };
};
