package jira

import (
	"time"
)

// callHistory is how many calls are remembered.
const callHistory = 1000

// Call is one HTTP call the site received. Status 0 means the connection was
// cut.
type Call struct {
	At                            time.Time
	Method, Path, Query, Template string
	Status                        int
	// Account is the caller's account id, empty when anonymous.
	Account string
	// Fault describes the injected fault, if any.
	Fault string
}
