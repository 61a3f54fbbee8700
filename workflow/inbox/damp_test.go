package inbox

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
)

func robot() access.Account {
	return access.Account{ID: "557058:robot", Name: "Automation for Jira", Active: true, App: true}
}

func aside(id uint64, by access.Account) access.Change {
	return access.Change{ID: id, At: noon(), By: by, Field: "status", From: "Waiting for approval", To: "Waiting for customer", Was: []access.Phase{access.PhasePending}}
}

// What a rule does has one cause wherever it does it. So has what a person does that
// means nothing; what they try and may not do is news each time.
func TestCauses(t *testing.T) {
	cause := func(ch access.Change, why string) string {
		found := Interpret(moved(waiting(), ch))
		if len(found) != 1 {
			t.Fatalf("%+v follows", found)
		}
		switch act := found[0].(type) {
		case Drift:
			return act.because(why).Cause
		case attempt:
			return act.failed(waiting().Case, "noor", why)[0].(Drift).Cause
		}
		return "?"
	}
	byRobot := approval(6)
	byRobot.By = robot()
	for what, got := range map[string][2]string{
		"a rule":               {cause(aside(6, robot()), ""), "557058:robot|status|Waiting for customer"},
		"a rule that may not":  {cause(byRobot, "Not yours."), "557058:robot|status|In progress"},
		"a person":             {cause(aside(6, noorInJira()), ""), "acc-noor|status|Waiting for customer"},
		"a person who may not": {cause(approval(6), "Not yours."), ""},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: the cause is %q, want %q", what, got[0], got[1])
		}
	}
	twice := moved(waiting(), aside(6, robot()))
	twice.Seen.Changes = append(twice.Seen.Changes, aside(7, robot()))
	if found := Interpret(twice); len(found) != 1 || found[0].(Drift).Key != "7-status" {
		t.Errorf("of two moves of a rule %+v follows", found)
	}
	back := moved(waiting(), aside(6, robot()))
	back.Seen.Phases = []access.Phase{access.PhasePending}
	if found := Interpret(back); len(found) != 0 {
		t.Errorf("the issue is where it belongs, and %+v follows", found)
	}
}

// A rule is told to IT once, and again after a week with how often it was not told. An
// issue that it moves again and again is left alone after a few times.
func TestARuleIsToldOnce(t *testing.T) {
	j := open(t)
	seen := j.asked()
	look := func(id uint64, by access.Account) (told int) {
		seen := seen
		seen.Changes, seen.Updated = []access.Change{aside(id, by)}, j.now.Add(time.Duration(id)*time.Second)
		seen.Changes[0].At = j.now
		before := len(j.tasks("notice/"))
		j.look(seen)
		return len(j.tasks("notice/")) - before
	}
	if look(6, robot()) != 1 {
		t.Error("the first time is not told")
	}
	for id := uint64(7); id < 20; id++ {
		if look(id, robot()) != 0 {
			t.Errorf("change %d is told", id)
		}
	}
	if all := j.story(); len(all) != 4 || !strings.Contains(all[3], "10 times since") {
		t.Errorf("the story has %d entries of it, want three and how often it was: %q", len(all), all)
	}
	j.now = j.now.Add(ruleToldIn + time.Hour)
	if look(20, robot()) != 1 {
		t.Error("a week later it is not told again")
	}
	people := 0
	for id := uint64(21); id < 30; id++ {
		people += look(id, noorInJira())
	}
	if people != mostOfPerson {
		t.Errorf("a person's changes are told %d times, want %d", people, mostOfPerson)
	}
	if story := strings.Join(j.story(), "\n"); strings.Count(story, "Noor moved the issue") != mostOfPerson {
		t.Error(fmt.Sprint("the story is\n", story))
	}
}

// A rule that takes away whatever Latchkey writes, hides the issue and shows it again, or
// changes what its own comment asks about, fills neither log nor issue; the record says how
// often it was.
func TestLoopsOfARuleComeToAnEnd(t *testing.T) {
	const rounds = 100
	loops := map[string]func(j *jira, seen access.IssueSnapshot, i int){
		"comments": func(j *jira, seen access.IssueSnapshot, i int) {
			seen.OwnComments = []string{fmt.Sprint("c", i)}
			j.look(seen)
		},
		"hidden and shown": func(j *jira, seen access.IssueSnapshot, i int) {
			hidden := access.IssueSnapshot{Issue: seen.Issue, Gone: true, Updated: seen.Updated}
			j.look(hidden)
			seen.Updated = seen.Updated.Add(time.Second / 2)
			j.look(seen)
		},
	}
	for name, loop := range loops {
		t.Run(name, func(t *testing.T) {
			j := open(t)
			seen := j.asked()
			for i := range rounds {
				seen.Updated = j.now.Add(time.Duration(i) * time.Second)
				loop(j, seen, i)
			}
			story := j.story()
			if n := len(story); n < 4 || n > 12 || !strings.Contains(strings.Join(story, "\n"), "times since") {
				t.Errorf("%d entries after %d rounds:\n%s", n, rounds, strings.Join(story, "\n"))
			}
		})
	}
	t.Run("what is asked about", func(t *testing.T) {
		j := open(t)
		for i := range rounds {
			seen := portal(access.Form{App: fmt.Sprint("Sketch ", i)}).Seen
			seen.Updated = j.now.Add(time.Duration(i) * time.Second)
			j.look(seen)
		}
		if n := len(j.tasks("comment/portal/20/")); n != mostClarified {
			t.Errorf("%d comments", n)
		}
	})
}
