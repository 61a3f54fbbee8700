package engine

// identity is what a unit has loaded and stored, by kind and id.
type identity map[identityKey]any

type identityKey struct{ kind, id string }
