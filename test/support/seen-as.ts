/** The same, but for what is seen of it in another way. */
export const seenAs = <Port extends object>(port: Port, seen: Partial<Port>): Port =>
  new Proxy(port, {
    get: (target, name) => {
      const value = Reflect.get(name in seen ? seen : target, name);
      return typeof value === 'function' ? value.bind(name in seen ? seen : target) : value;
    },
  });
