// Package searchtest walks through everything that can happen in small worlds: the
// real machines of access, driven by people, services, crashes, lost answers and
// time, until no state is left that wasn't looked at. Queue is the model of durable
// work that the search uses; the engine's tests hold it against the real one.
package searchtest
