// Stands in for Node's modules, which tfjs names and never uses in a Worker.
export default {};
