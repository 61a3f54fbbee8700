package site

import (
	"fmt"
	"net/http"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"latchkey/sandbox"
	"latchkey/sandbox/jira"
	"latchkey/sandbox/slack"
)

// fault is something that can go wrong, and be mended.
type fault struct {
	ID, Name, About string
	On              func() error
	Off             func() error
}

// slowness is how late Jira answers when it is slow.
const slowness = 2 * time.Second

// possible are the faults that there are in this world.
func (s *Site) possible() (all []fault) {
	for _, d := range s.world.Directories() {
		all = append(all, fault{ID: "down-" + d.ID, Name: kindName(d.Kind) + " (" + d.ID + ") is down", About: "Every call to it fails. Decisions are kept, and carried out once it is back.",
			On:  func() error { return d.Break(sandbox.Trouble{Status: http.StatusServiceUnavailable}) },
			Off: func() error { d.Mend(); return nil }})
	}
	return append(all, s.slowJira(), s.throttled(), s.renamed())
}

func (s *Site) slowJira() fault {
	slow := func(by time.Duration) func() error {
		return func() error {
			s.world.Delays(func(service string) time.Duration {
				if service == "jira" {
					return by
				}
				return 0
			})
			return nil
		}
	}
	return fault{ID: "slow-jira", Name: "Jira is slow", About: "Each answer takes two seconds. People in Slack don't wait for it.", On: slow(slowness), Off: slow(0)}
}

func (s *Site) throttled() fault {
	return fault{ID: "throttled", Name: "Slack and Jira throttle (429)", About: "“Too many requests, come back in ten seconds”, three times each. Nothing is lost or said twice.",
		On: func() error {
			s.world.Slack.AddFault(slack.Fault{Method: "*", Times: 3, RetryAfter: 10})
			s.world.Jira.AddFault(jira.Fault{Times: 3, Status: http.StatusTooManyRequests, RetryAfter: 10})
			return nil
		},
		Off: func() error { s.world.Slack.ClearFaults(); s.world.Jira.ClearFaults(); return nil }}
}

// away is what a renamed group is called.
func away(group string) string { return group + "-2" }

func (s *Site) renamed() fault {
	d := s.world.Directories()[0]
	group := firstGroup(d)
	if group == "" {
		return fault{ID: "renamed", Name: "A group is renamed", About: "There is no group.", On: func() error { return fmt.Errorf("%s has no group", d.ID) }, Off: func() error { return nil }}
	}
	return fault{ID: "renamed", Name: "The group " + group + " is renamed", About: "In " + d.ID + " it is called " + away(group) + " from then on. It is known by its id, so what was granted goes on.",
		On:  func() error { return d.RenameGroup(group, away(group)) },
		Off: func() error { return d.RenameGroup(away(group), group) }}
}

// firstGroup is the group that the story begins with, or the first of the catalogue's, by the name that it was made with.
func firstGroup(d sandbox.Directory) (first string) {
	for _, name := range d.GroupNames() {
		switch {
		case name == "figma-editors" || name == away("figma-editors"):
			return "figma-editors"
		case first == "" && name != "security" && name != everyone:
			first = name
		}
	}
	return first
}

// faultList are the faults, each with a switch.
func (s *Site) faultList() (out []piece) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.possible() {
		on := s.faults[f.ID]
		out = append(out, keyed(f.ID, "label", h.Class("fault"), h.Input(h.Type("checkbox"), h.Data("fault", f.ID), g.Attr("role", "switch"), g.If(on, h.Checked())),
			h.Span(h.Strong(g.Text(f.Name)), h.Small(g.Text(f.About)))))
	}
	if s.Bot != nil {
		out = append(out, keyed("kill", "div", h.Class("fault"), h.Button(h.Type("button"), h.Class("button"), h.Data("bot", "stop"), g.If(!s.Bot.Running(), h.Disabled()), g.Text("Kill it")),
			h.Span(h.Strong(g.Text("The bot is killed")), h.Small(g.Text("Wherever it is in its work. Started again, it goes on from there.")))))
	}
	if s.Store != nil {
		lost := s.Store.Lost()
		out = append(out, keyed("lose", "div", h.Class("fault"), h.Button(h.Type("button"), h.Class("button"), h.Data("bot", "lose"), g.If(lost, h.Disabled()), g.Text("Lose it")),
			h.Span(h.Strong(g.Text("The store is lost")), h.Small(g.Text("The bot stops, and what it kept is gone, but for its key. “Recover from Jira” then rebuilds it from what is signed in the issues.")))))
	}
	return out
}

// turn has something go wrong, or mends it.
func (s *Site) turn(id string, on bool) error {
	for _, f := range s.possible() {
		if f.ID != id {
			continue
		}
		do, said := f.On, "on"
		if !on {
			do, said = f.Off, "off"
		}
		if err := do(); err != nil {
			return err
		}
		s.mu.Lock()
		s.faults[id] = on
		s.mu.Unlock()
		s.record(own + " fault " + id + " " + said)
		return nil
	}
	return fmt.Errorf("there is no fault %q", id)
}
