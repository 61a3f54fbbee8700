package clock

import "time"

// Zone is the one of a name, such as Europe/Berlin: by which somebody reads a clock. It is UTC where
// the name is empty or not known here. The machine's own zone is nobody's.
func Zone(name string) *time.Location {
	at, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return time.UTC
	}
	return at
}
