/** Beside the page: a proxy may have it below a path of its own. @param path as the process knows it */
export const urlOf = (path: string) => `.${path}`;
