package pack

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"latchkey/access"
)

// PopulationOf is the proof of a group's members as it was kept when the group was read. who
// names whoever accepted it; excluded is how many of the members are not under review.
func PopulationOf(p access.Population, excluded int, who func(access.Actor) Actor) Population {
	out := Population{Proof: string(p.Proof()), Words: cmp.Or(p.Problem(), p.Says()), Proven: p.Proven(), Left: excluded, Version: p.Tool}
	for i, r := range p.Readings {
		one := readingOf(r)
		if i == len(p.Readings)-1 {
			out.Reading, out.Rows = one, r.Accounts
			continue
		}
		one.Why = "one reading by itself didn't prove it"
		if r.AccountsHash != p.Last().AccountsHash {
			one.Why = fmt.Sprintf("it found %d members, and the last one others", r.Accounts)
		}
		out.Readings = append(out.Readings, one)
	}
	if a := p.Accepted; a != nil && p.Usable() {
		out.Difference = &Difference{By: who(a.By), Words: a.Why, At: a.At}
	}
	return out
}

// readingOf is one reading. Where its list names groups, their members were read as well, and
// what was asked, counted and received is of all of them together.
func readingOf(r access.Reading) Reading {
	out := Reading{Pages: r.Pages(), Received: r.Rows(), First: r.Began(), Last: r.Ended(), Hash: r.RowsHash, Accounts: r.AccountsHash}
	out.Counted = Lacks[int](Unknown, "the directory doesn't say")
	if n, known := r.Counted(); known {
		out.Counted = Is(n)
	}
	var apart, counts []string
	named := 0
	for _, l := range r.Lists {
		out.ByPosition, out.Moved = out.ByPosition || l.ByPosition, out.Moved || l.Moved
		out.Requests = append(out.Requests, requestOf(l.Request))
		if l.Count.Known && l.Count.Request.Method != "" {
			counts = append(counts, requestOf(l.Count.Request))
		}
		if l.Apart != "" {
			apart = append(apart, fmt.Sprintf("%d rows are no accounts, %d are not counted: %s", l.NotAccounts, l.Uncounted, l.Apart))
		}
		named += l.Rows - l.Repeated - l.NotAccounts
	}
	if named > r.Accounts && len(r.Lists) > 1 {
		apart = append(apart, fmt.Sprintf("%d are in several of its groups", named-r.Accounts))
	}
	out.CountedBy, out.Apart = strings.Join(counts, "; "), strings.Join(apart, "; ")
	return out
}

// requestOf is what was asked, on one line.
func requestOf(r access.APIRequest) string {
	line, before := r.Method+" "+r.Path, "?"
	for _, p := range r.Params {
		line += before + url.QueryEscape(p.Name) + "=" + url.QueryEscape(p.Value)
		before = "&"
	}
	return line
}
