package catalog

// Bundle is a named set of roles that are asked for together, such as what a
// new designer needs. Each role keeps its own route and default duration.
type Bundle struct {
	ID          string
	Name        string
	Description string
	Roles       []RoleRef
}

// MaxBundle is the most roles a bundle may hold; one request of each is made.
const MaxBundle = 12
