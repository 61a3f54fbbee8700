package catalog

import (
	"fmt"
	"slices"
	"strings"
)

const (
	// idleShortest is the least that can be called idle: a week is a holiday.
	idleShortest = 7 * Day
	// graceShortest and graceLongest bound how long somebody has to answer.
	graceShortest = Day
	graceLongest  = 60 * Day
	// postponeLongest bounds for how long a question can be put off.
	postponeLongest = 180 * Day
	// seatRestoreLongest bounds for how long an earlier approval is good enough.
	seatRestoreLongest = 90 * Day
)

// seatChecker judges when the seats of apps come back.
type seatChecker struct {
	*findings
	facts Facts
}

// role reports what can't be meant of when the seats of a role come back.
func (k seatChecker) role(path string, a App, r Role) {
	s := r.Reclaim
	if !s.On() {
		return
	}
	if s.Idle < idleShortest {
		k.add(path+".idle", "nobody is idle after %s: write %s or more, for example 60d", ShortDuration(s.Idle), ShortDuration(idleShortest))
	}
	if s.Grace < graceShortest || s.Grace > graceLongest {
		k.add(path+".grace", "whoever is asked can have from %s to %s to answer: write for example 7d", ShortDuration(graceShortest), ShortDuration(graceLongest))
	}
	if s.Postpones > 0 && (s.Postpone < Day || s.Postpone > postponeLongest) {
		k.add(path+".postpone", "a question can be put off for %s to %s: write for example 30d", ShortDuration(Day), ShortDuration(postponeLongest))
	}
	if s.Restore < 0 || s.Restore > seatRestoreLongest {
		k.add(path+".restore", "what came back can be given back for %s at most: after that, access is asked for anew; write for example 30d", ShortDuration(seatRestoreLongest))
	}
	if a.Provisioning == Manual {
		k.add(path, "the app is provisioned manually, so no directory knows who uses it: remove reclaim")
		return
	}
	k.remembered(path, a, r)
	k.downgrade(path+".downgrade", a, r)
	for i, e := range s.Exempt {
		k.leftOut(path+".exempt", i, e)
	}
}

// remembered: what is longer ago than a directory remembers can't be known, so nobody can be found idle by it.
func (k seatChecker) remembered(path string, a App, r Role) {
	s, key := r.Reclaim, ".idle"
	if s.Cycle > s.Idle {
		key = ".cycle"
	}
	for _, id := range reportingOn(a, r) {
		memory, told := k.facts.Remembers[id]
		switch {
		case !slices.Contains(k.facts.Directories, id): // it is said where the directory is named
		case !told && s.Least == AppSignIn:
			k.add(path+".least", "the directory %q doesn't tell when an app was used, so nothing would come back by it: remove reclaim, or write least: directory where sign-ins to the directory say enough", id)
		case told && s.Least == AppSignIn && s.Threshold() > memory:
			k.add(path+key, "the directory %q remembers sign-ins to apps for %s, so it can't be known that nobody used one for %s: write %s or less", id, ShortDuration(memory), ShortDuration(s.Threshold()), ShortDuration(memory))
		}
	}
}

// reportingOn are the directories that say when a role's app was used.
func reportingOn(a App, r Role) (out []string) {
	if len(a.Uses) == 0 {
		return r.Directories()
	}
	for _, u := range a.Uses {
		if !slices.Contains(out, u.Directory) {
			out = append(out, u.Directory)
		}
	}
	return out
}

// downgrade: what is given in the place of a role is a lower one of the same app, and opens something else.
func (k seatChecker) downgrade(path string, a App, r Role) {
	lower := r.Reclaim.Downgrade
	if lower == "" {
		return
	}
	to, there := a.Role(lower)
	switch {
	case lower == r.ID:
		k.add(path, "a role can't be given in its own place: name a lower role of %q", a.ID)
	case !there:
		k.add(path, "the app %q has no role %q: %s", a.ID, lower, suggest(lower, roleIDs(a), "add it under roles"))
	case to.Reclaim.Downgrade == r.ID:
		k.add(path, "the roles %q and %q would be given in each other's place: remove downgrade from one of them", r.ID, lower)
	case slices.ContainsFunc(to.Groups, func(g GroupRef) bool { return slices.Contains(r.Groups, g) }):
		k.add(path, "the role %q opens a group of %q, too, so giving it in its place frees no seat of that: name a role with other groups", lower, r.ID)
	case riskRank(to.Risk) > riskRank(r.Risk):
		k.add(path, "the role %q has a higher risk than %q, so it isn't given without asking: name a lower role", lower, r.ID)
	}
}

func riskRank(r Risk) int { return slices.Index([]Risk{Low, Medium, High}, r) }

func roleIDs(a App) (out []string) {
	for _, r := range a.Roles {
		out = append(out, r.ID)
	}
	return out
}

// leftOut: an exemption names one person or one group, and says why.
func (k seatChecker) leftOut(path string, i int, e ReclaimExempt) {
	at := fmt.Sprintf("%s[%d]", path, i)
	switch {
	case (e.Person == "") == (e.Group == GroupRef{}):
		k.add(at, "an exemption is about one person or one group: write person or group")
	case e.Person != "" && !IsEmail(e.Person):
		k.add(at+".person", "%q is not an e-mail address: write for example noor@acme.example", e.Person)
	case e.Person == "" && !slices.Contains(k.facts.Directories, e.Group.Directory):
		k.add(at+".group", "there is no directory %q: %s", e.Group.Directory, suggest(e.Group.Directory, k.facts.Directories, "add it under idp"))
	}
	if strings.TrimSpace(e.Why) == "" {
		k.add(at+".why", "an exemption needs a reason, which the digest shows: add why")
	}
}

// app reports what can't be meant of what an app's seats cost, and of where its use shows.
func (k seatChecker) app(path string, a App) {
	for i, u := range a.Uses {
		if u.Directory != "" && !slices.Contains(k.facts.Directories, u.Directory) {
			k.add(fmt.Sprintf("%s.usage[%d]", path, i), "there is no directory %q: %s", u.Directory, suggest(u.Directory, k.facts.Directories, "add it under idp"))
		}
	}
}
