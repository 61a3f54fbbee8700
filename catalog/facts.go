package catalog

import "time"

// Facts are what the rest of the configuration knows, to check the catalogue against.
type Facts struct {
	Directories []string // ids of the configured directories
	Protected   []GroupRef
	Admins      []string // people.admins
	OnCall      []string // names of the schedules of who is on call
	SignsIn     bool     // people can sign in to one of the directories
	EndSessions []string // ids of the directories in which sessions can be ended

	// Remembers is for how long each directory knows when an app was used, by its id. One that isn't in it doesn't tell.
	Remembers map[string]time.Duration

	BirthrightsUnder string // where the birthrights are listed; "" for birthrights itself
}
