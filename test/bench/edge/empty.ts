/** Stands in for modules of Node's that tfjs imports, but does not use in a Worker. */

export default {};
