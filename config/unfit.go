package config

import (
	"time"

	"latchkey/catalog"
)

// facts are what the catalogue is checked against.
func (c *Config) facts() catalog.Facts {
	return catalog.Facts{
		Directories: directoryIDs(c.IDP), Protected: c.Protected, Admins: c.People.Admins, OnCall: scheduleNames(c.OnCall), SignsIn: signsIn(c.IDP), EndSessions: endsSessions(c.IDP), Remembers: remembers(c.IDP),
	}
}

// Unfit says why the catalogue of another configuration can't be in force beside the rest of this one: it needs
// what is only there once that one is started with. nil if it can.
func (c *Config) Unfit(o *Config) error {
	const again = ". It can be in force once Latchkey is started again with this file"
	var faults []Fault
	if signsIn(c.IDP) != signsIn(o.IDP) {
		faults = append(faults, Fault{Path: "idp", Problem: "whether people can sign in to a directory (sign_in_client) is different from how Latchkey was started" + again})
	}
	for _, f := range o.Catalog.Check(c.facts()) {
		faults = append(faults, Fault{Path: f.Path, Problem: f.Path + ": " + f.Problem + again})
	}
	if len(faults) == 0 {
		return nil
	}
	return &Error{File: o.Path, Faults: faults}
}

// remembers is for how long each directory knows when an app was used, by its id, as far as its back end says.
func remembers(all []Directory) map[string]time.Duration {
	out := map[string]time.Duration{}
	for _, d := range all {
		if s, ok := d.Settings.(interface{ RemembersUse() time.Duration }); ok {
			out[d.ID] = s.RemembersUse()
		}
	}
	return out
}
