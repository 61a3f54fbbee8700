package catalog

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Fault is one thing wrong with the catalogue. Path points into the
// configuration, as in "apps[2].roles[0].route".
type Fault struct {
	Path    string
	Problem string // what is wrong and what to do, one sentence
}

// findings are the faults found so far. They judge by themselves what needs nothing else of the catalogue.
type findings struct{ faults []Fault }

func (f *findings) add(path, format string, args ...any) {
	f.faults = append(f.faults, Fault{Path: path, Problem: fmt.Sprintf(format, args...)})
}

// wrong notes a problem, if there is one.
func (f *findings) wrong(path, problem string) {
	if problem != "" {
		f.add(path, "%s", problem)
	}
}

func (f *findings) opening(path string, o Opening) {
	f.wrong(path+".url", o.badURL())
	f.wrong(path+".how", o.badHow())
}

func (f *findings) id(path, id string) {
	if id == "" {
		f.add(path, "an id is missing: add id, for example figma")
		return
	}
	ok := len(id) <= 60
	for _, r := range id {
		ok = ok && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	}
	if !ok {
		f.add(path, "%q is not an id: use 1 to 60 lower-case letters, digits, - and _%s", id, imitations(id))
	}
}

func (f *findings) people(path string, emails []string) {
	for i, e := range emails {
		if !IsEmail(e) {
			f.add(fmt.Sprintf("%s[%d]", path, i), "%q is not an e-mail address: write for example noor@acme.example", e)
		}
	}
}

func (f *findings) durations(path string, d Durations) {
	if d.Max < 0 || d.Default < 0 {
		f.add(path, "a duration can't be negative: write for example 8h, 30d or forever")
	}
	for _, c := range d.Choices {
		f.choice(pathOfChoice(path, c), c, d)
	}
	if len(d.Choices) == 0 {
		f.add(path+".choices", "no duration can be chosen: add choices, for example [8h, 30d] or [forever]")
		return
	}
	switch {
	case slices.Contains(d.Choices, d.Default):
	case d.Allows(d.Default) != nil:
		f.add(path+".default", "the default %s is not among the choices, and longer than the role can be held: choose one of %s", ShortDuration(d.Default), shortDurations(d.Choices))
	default:
		f.add(path+".default", "the default %s is not among the choices: add it there, or choose one of %s", ShortDuration(d.Default), shortDurations(d.Choices))
	}
}

func shortDurations(all []time.Duration) string {
	var out []string
	for _, d := range all {
		out = append(out, ShortDuration(d))
	}
	return strings.Join(out, ", ")
}

// pathOfChoice leads to one of the durations that can be chosen, whose order is not that of the file.
func pathOfChoice(path string, choice time.Duration) string {
	return path + ".choices." + ShortDuration(choice)
}

func (f *findings) choice(path string, c time.Duration, d Durations) {
	switch {
	case d.Allows(c) == nil:
	case c == Forever && d.Required:
		f.add(path, "the choice forever has no end, but required asks for one: remove it, or remove required")
	case c == Forever:
		f.add(path, "the choice forever has no end, but max is %s: remove it, or remove max", ShortDuration(d.Max))
	default:
		f.add(path, "the choice %s is longer than max %s: shorten it or raise max", ShortDuration(c), ShortDuration(d.Max))
	}
}

// fewOf names the first of several.
func fewOf(all []string) string {
	const some = 3
	if len(all) <= some {
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:some], ", "), len(all)-some)
}
