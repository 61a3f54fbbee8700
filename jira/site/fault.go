package site

import (
	"time"

	"latchkey/access"
)

// faultLife is how long a site that doesn't fit the configuration is taken for
// what it was: somebody may be about to put it right.
const faultLife = time.Minute

// lasting tells failures that a human has to mend from those that pass.
func lasting(err error) bool {
	class := access.Classify(err).Class
	return class == access.Denied || class == access.Rejected
}

// siteFailure is a fault of the site as the failure of a piece of work: whoever
// puts it right does so for all of them.
func siteFailure(err error) error {
	if err == nil || !lasting(err) {
		return err
	}
	f := *access.Classify(err)
	f.Class = access.Denied
	return &f
}

// StatusFault says why an issue can't be brought to the status of a key; nil if
// nothing is known to be wrong with it.
func (s *Site) StatusFault(key string) error { return siteFailure(s.statusFaults[key]) }

// FormFault says why no issue can be opened; nil if nothing is known to be wrong
// with the form.
func (s *Site) FormFault() error { return siteFailure(s.formFault) }

// note keeps a fault that stands in the way of some things only.
func (s *Site) note(step Step, err error) {
	s.faults = append(s.faults, err)
	if step.opens && s.formFault == nil {
		s.formFault = err
	}
}

// fits tells whether the site was as it should be, or was looked at just now.
func (s *Site) fits(now time.Time) bool {
	return len(s.faults) == 0 || now.Sub(s.seen).Abs() < faultLife
}
