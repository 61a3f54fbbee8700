package app

import (
	"latchkey/config"
	"latchkey/evidence/witness"
	"latchkey/workflow/anchor"
)

// anchorPlaces are where the log is anchored: Jira and Slack always, files and
// witnesses where the configuration names them.
func anchorPlaces(c *config.Config, s *services, channel anchor.Channel) anchor.Places {
	p := anchor.Places{Channel: channel, Files: anchorFiles(c), Witnesses: witnesses(c)}
	p.Issues, p.Archive = s.jira.Issues, s.jira.Snapshots
	return p
}

func anchorFiles(c *config.Config) (all []anchor.File) {
	for _, a := range c.Evidence.Anchors {
		if a.File != "" {
			all = append(all, anchorFile{a.File})
		}
	}
	return all
}

func witnesses(c *config.Config) (all []anchor.Witness) {
	for _, a := range c.Evidence.Anchors {
		if a.Witness != "" {
			all = append(all, witness.New(a.Witness, a.Key, through(transport())))
		}
	}
	return all
}
