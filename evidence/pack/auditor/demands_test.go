package auditor

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// demand is something that auditors ask of a review, and what is wrong with a pack's answer.
type demand struct {
	says string
	of   func(*pack) faults // faults; none: it is answered
}

// demands are the thirteen.
func demands() []demand {
	return []demand{
		{"The scope is defined and reasoned: which systems, which users are left out and why", (*pack).scope},
		{"The population is complete and accurate: source, parameters, row count, date", (*pack).population},
		{"The list is as of a stated moment, and what changed since is shown", (*pack).moment},
		{"Each reviewer is named, competent and independent", (*pack).reviewers},
		{"There is a decision for each user and right, with its time, and no sign-off for the whole sheet", (*pack).decisions},
		{"Privileged access is reviewed separately, more often, one by one and with reasons", (*pack).privileged},
		{"Leavers are told apart, with when they left, when their access went, and whether it was used between", (*pack).leavers},
		{"What was to be removed is followed up until it is seen to be gone", (*pack).removals},
		{"It was done in time: start, due, last decision, last removal", (*pack).timeliness},
		{"The evidence can't be edited afterwards", (*pack).sealed},
		{"The review was precise: what the reviewer saw, and how long they looked", (*pack).precision},
		{"What is kept is justified, too", (*pack).kept},
		{"A sample can be performed again, from the person and from the group", (*pack).sample},
	}
}

// faults gather what is wrong.
type faults []string

func (f *faults) unless(ok bool, format string, args ...any) {
	if !ok {
		*f = append(*f, fmt.Sprintf(format, args...))
	}
}

// page reports whether a text stands in the report for people, too.
func (p *pack) page(text string) bool {
	escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;", "+", "&#43;").Replace(text)
	return text != "" && strings.Contains(p.html, escaped)
}

func (p *pack) scope() (f faults) {
	c := p.campaign
	f.unless(c.text("scope.text") != "" && p.page(c.text("scope.text")), "the scope is not said")
	f.unless(c.text("scope.rule") != "", "the selection is not said")
	f.unless(len(p.groups) > 0, "no group is under review")
	out, listed := c.list("scope.not_governed")
	f.unless(listed, "it isn't said which groups are not under review")
	for _, g := range out {
		f.unless(g.text("name") != "" && g.text("why") != "" && p.page(g.text("why")), "it isn't said why %s is not under review", g.text("id"))
	}
	excluded, listed := c.list("scope.exclusions")
	f.unless(listed, "it isn't said whether somebody was left out")
	for _, e := range excluded {
		f.unless(e.text("reason") != "" && e.text("by.name") != "" && !e.time("at").IsZero() && p.page(e.text("reason")), "nobody answers for leaving out %s", e.text("id"))
	}
	blind, _ := c.list("scope.not_covered")
	f.unless(len(blind) > 0, "it isn't said what the review does not cover")
	for _, b := range blind {
		f.unless(b.text("kind") != "" && b.text("what") != "" && b.text("why") != "" && p.page(b.text("what")), "what is not covered is not explained: %s", b.text("what"))
	}
	return f
}

func (p *pack) population() (f faults) {
	lines := map[string]map[string]string{}
	for _, l := range p.tables["population.csv"] {
		lines[l["group_id"]] = l
	}
	f.unless(len(lines) == len(p.groups), "population.csv does not have every group")
	for _, g := range p.groups {
		name, n := g.text("name"), object(g.at("population").(map[string]any))
		requests, _ := n.at("requests").([]any)
		f.unless(g.text("directory_kind") != "" && g.text("tenant") != "" && g.text("group_id") != "" && name != "" && p.page(g.text("group_id")), "the source of %s is not said", name)
		f.unless(len(requests) > 0, "it isn't said what was asked of the directory for %s", name)
		f.unless(n.number("pages") > 0 && n.number("rows") >= 0 && n.answered("vendor_count"), "pages, rows or the directory's own count of %s is not said", name)
		f.unless(!n.time("first_page").IsZero() && !n.time("last_page").Before(n.time("first_page")), "it isn't said when %s was read", name)
		f.unless(n.text("tool_version") != "" && len(n.text("raw_sha256")) == 64 && p.page(n.text("raw_sha256")), "version or hash of the rows of %s is not said", name)
		f.unless(lines[g.text("group_id")]["rows_stored"] == fmt.Sprint(n.number("rows")) && lines[g.text("group_id")]["raw_sha256"] == n.text("raw_sha256"), "population.csv and campaign.json say different things of %s", name)
		differs := n.known("vendor_count") && n.number("vendor_count.value") != n.number("rows")
		accepted := n.text("difference.accepted_by.name") != "" && n.text("difference.words") != "" && n.time("difference.accepted").After(n.time("last_page"))
		f.unless(accepted || n.yes("proven") && (!differs || n.text("apart") != ""), "the directory counts otherwise than was read of %s, or nothing proves the list, and nobody answers for that", name)
		here := 0
		for _, r := range p.rows {
			if r.text("group") == g.text("key") {
				here++
			}
		}
		f.unless(here == int(n.number("rows")-n.number("excluded")), "%s has %d rows here, and %v were stored, of which %v were left out", name, here, n.number("rows"), n.number("excluded"))
	}
	return f
}

func (p *pack) moment() (f faults) {
	snapshot := p.campaign.time("times.snapshot")
	f.unless(!snapshot.IsZero() && p.page(snapshot.UTC().Format("2 Jan 2006 15:04")), "it isn't said as of which moment the list is")
	f.unless(!p.campaign.time("times.started").Before(snapshot) && p.campaign.time("times.started").Sub(snapshot) < 14*24*time.Hour, "the list was not recent when the review began")
	for _, g := range p.groups {
		f.unless(!g.time("population.last_page").After(snapshot), "%s was read after the moment that is said", g.text("name"))
	}
	for _, r := range p.rows {
		f.unless(r.answered("changes"), "it isn't said whether something changed about the row %s", r.text("id"))
		changes, _ := r.list("changes.value")
		for _, c := range changes {
			f.unless(c.time("at").After(snapshot) && c.text("what") != "" && c.text("to") != "", "a change of the row %s is not told", r.text("id"))
		}
	}
	return f
}

func (p *pack) reviewers() (f faults) {
	all, _ := p.campaign.list("reviewers")
	byID := map[string]object{}
	for _, r := range all {
		byID[r.text("id")] = r
		f.unless(r.text("name") != "" && r.text("account") != "" && p.page(r.text("name")), "a reviewer has no name or account: %s", r.text("id"))
		f.unless(r.text("chosen") != "", "it isn't said how %s was chosen", r.text("name"))
		f.unless(r.known("relation"), "it isn't said what %s is to the people and groups", r.text("name"))
		f.unless(r.text("conflicts.is") == "none" || r.known("conflicts"), "nobody looked for conflicts of interest of %s", r.text("name"))
		conflicts, _ := r.list("conflicts.value")
		for _, c := range conflicts {
			f.unless(c.text("words") != "" && c.text("solved") != "" && c.text("by.name") != "", "nothing was done about a conflict of interest of %s", r.text("name"))
		}
		delegations, listed := r.list("delegations")
		f.unless(listed, "it isn't said whether %s had somebody answer for them", r.text("name"))
		for _, d := range delegations {
			f.unless(d.text("to.name") != "" && d.text("by.name") != "" && d.text("scope") != "" && d.time("until").After(d.time("from")), "a delegation of %s is not recorded whole", r.text("name"))
		}
	}
	for _, r := range p.rows {
		for _, a := range answersOf(r) {
			by := byID[a.text("by.person")]
			f.unless(by != nil, "the row %s was answered by somebody who is no reviewer", r.text("id"))
			f.unless(a.text("by.person") != r.text("person.id"), "the row %s was answered by the person whose access it is", r.text("id"))
			if a.text("for") != "" {
				f.unless(delegated(byID[a.text("for")], a), "the row %s was answered in another one's place without a delegation", r.text("id"))
			}
		}
	}
	return f
}

// delegated reports whether an answer was within a delegation.
func delegated(from object, a object) bool {
	all, _ := from.list("delegations")
	return slices.ContainsFunc(all, func(d object) bool {
		return d.text("to.person") == a.text("by.person") && !a.time("at").Before(d.time("from")) && !a.time("at").After(d.time("until"))
	})
}

// answersOf are the answers to a row that count.
func answersOf(r object) []object {
	all, _ := r.list("answers")
	return slices.DeleteFunc(all, func(a object) bool { return a.at("undone") != nil || a.text("verdict") == "not_mine" })
}

func (p *pack) decisions() (f faults) {
	f.unless(len(p.rows) > 0 && len(p.tables["decisions.csv"]) == len(p.rows), "decisions.csv does not have every row")
	ids := map[string]bool{}
	for _, r := range p.rows {
		id := r.text("id")
		f.unless(id != "" && !ids[id], "a row has no id of its own: %q", id)
		ids[id] = true
		f.unless(r.text("person.account") != "" && r.text("person.directory") != "" && r.text("group") != "", "the row %s is not about an account and a group", id)
		f.unless(strings.Contains(p.html, `id="`+id+`"`), "the row %s is not on the page", id)
		f.unless(r.text("outcome.words") != "", "it isn't said by which rule the row %s came out as it did", id)
		counting := answersOf(r)
		switch r.text("outcome.how") {
		case "answers":
			f.unless(len(counting) > 0, "the row %s is said to be answered, and nobody answered it", id)
		case "no_answer", "no_reviewer", "gone", "recommendation":
			f.unless(p.campaign.text("policy.no_answer") != "" && p.campaign.text("policy.no_reviewer") != "", "it isn't said what becomes of rows that nobody answers")
		default:
			f.unless(false, "it isn't said how the row %s came out", id)
		}
		for _, a := range counting {
			f.unless(!a.time("at").IsZero() && a.text("surface") != "" && a.text("by.name") != "" && a.text("by.account") != "", "time, place or answerer of the row %s is not said", id)
			_, said := a.at("bulk").(bool)
			f.unless(said, "it isn't said whether the row %s was answered by itself", id)
		}
		asked, listed := r.list("asked")
		f.unless(listed && (len(asked) > 0 || r.text("outcome.how") == "no_reviewer"), "it isn't said who was asked about the row %s", id)
	}
	stages, _ := p.campaign.list("policy.stages")
	f.unless(len(stages) > 0 && stages[0].text("strategy") != "" && stages[0].text("words") != "", "it isn't said what several answers come to")
	return f
}

func (p *pack) privileged() (f faults) {
	c := p.campaign
	f.unless(c.text("policy.privileged.cadence") != "" && c.text("policy.cadence") != "" && c.text("policy.privileged.meaning") != "", "it isn't said what is privileged, and how often that is reviewed")
	f.unless(c.at("policy.privileged.bulk_allowed") == false && c.at("policy.privileged.reason_required") == true, "privileged rows may be answered at once, or without a reason")
	f.unless(strings.Contains(p.html, `<h2 id="privileged">`), "privileged rows are not listed separately")
	_, list, _ := strings.Cut(p.html, `<h2 id="privileged">`)
	list, _, _ = strings.Cut(list, "</section>")
	seen := 0
	for _, r := range p.rows {
		marked, said := r.at("privileged").(bool)
		f.unless(said, "it isn't said whether the row %s is privileged", r.text("id"))
		if !marked {
			continue
		}
		seen++
		f.unless(strings.Contains(list, ">"+r.text("id")+"<"), "the privileged row %s is not in the list", r.text("id"))
		for _, a := range answersOf(r) {
			f.unless(!a.yes("bulk"), "the privileged row %s was answered at once with others", r.text("id"))
		}
	}
	f.unless(seen == int(c.number("summary.privileged")), "the number of privileged rows is not said")
	for _, g := range p.groups {
		f.unless(g.text("risk") != "", "the risk of %s is not said", g.text("name"))
	}
	return f
}

func (p *pack) leavers() (f faults) {
	all, listed := p.campaign.list("leavers")
	f.unless(listed && strings.Contains(p.html, `<h2 id="leavers">`), "leavers are not told apart")
	told := map[string]bool{}
	for _, l := range all {
		name := l.text("person.account")
		told[l.text("person.directory")+" "+name] = true
		f.unless(name != "" && l.known("left") && l.text("source") != "", "it isn't said when %s left, and who says so", name)
		f.unless(l.answered("removed"), "it isn't said when the access of %s went", name)
		f.unless(l.answered("sign_ins") && l.answered("sign_ins_reach"), "it isn't said whether %s signed in after leaving, or why that isn't known", name)
		f.unless(!l.known("removed") || p.page(l.time("removed.value").UTC().Format("2 Jan 2006 15:04")), "the page doesn't say when the access of %s went", name)
	}
	for _, r := range p.rows {
		if s := r.text("person.status.value"); s == "suspended" || s == "disabled" || s == "deactivated" {
			f.unless(told[r.text("person.directory")+" "+r.text("person.account")], "the account of the row %s is off, and its person is not among the leavers", r.text("id"))
		}
		f.unless(r.answered("person.status"), "it isn't said whether the account of the row %s is on", r.text("id"))
	}
	return f
}

func (p *pack) removals() (f faults) {
	revoked := 0
	for _, r := range p.rows {
		id := r.text("id")
		if r.text("outcome.verdict") != "revoke" || r.text("outcome.how") == "gone" {
			continue
		}
		revoked++
		f.unless(r.at("removal") != nil, "nothing was done about the revoked row %s", id)
		f.unless(r.text("removal.issue.key") != "" && p.page(r.text("removal.issue.key")), "the removal of the row %s has no issue", id)
		f.unless(strings.HasPrefix(r.text("removal.issue.url"), "http") && p.page(r.text("removal.issue.url")), "nothing leads to the issue of the removal of the row %s", id)
		f.unless(!r.time("removal.asked").IsZero() && r.answered("removal.removed") && r.answered("removal.read_back"), "it isn't said when the row %s was removed and seen to be gone", id)
		f.unless(r.known("removal.re_checked") || p.campaign.text("status") != "closed", "the removal of the row %s was not checked again before the review was closed", id)
		switch r.text("removal.result") {
		case "gone":
			f.unless(r.known("removal.read_back"), "the row %s is said to be gone, and nobody saw it", id)
		case "kept", "manual", "failed", "waiting", "void", "ended_before":
			f.unless(r.text("removal.cause") != "" && p.page(r.text("removal.cause")), "it isn't said why the row %s is still there", id)
		default:
			f.unless(false, "it isn't said what became of the row %s", id)
		}
		restored, listed := r.list("removal.restored")
		f.unless(listed, "it isn't said whether the row %s was given back", id)
		for _, b := range restored {
			f.unless(b.text("by.name") != "" && b.text("reason") != "" && !b.time("at").IsZero(), "nobody answers for giving back the row %s", id)
		}
	}
	f.unless(revoked == len(p.tables["removals.csv"]), "removals.csv has %d lines for %d revoked rows", len(p.tables["removals.csv"]), revoked)
	exceptions, listed := p.campaign.list("exceptions")
	f.unless(listed, "it isn't said whether there were exceptions")
	for _, e := range exceptions {
		f.unless(e.text("what") != "" && e.text("reason") != "" && e.text("by.name") != "" && !e.time("at").IsZero(), "nobody answers for the exception %q", e.text("what"))
	}
	return f
}

func (p *pack) timeliness() (f faults) {
	c := p.campaign
	for _, name := range []string{"times.started", "times.due", "summary.timeliness.last_decision", "summary.timeliness.last_removal", "period.from", "period.to"} {
		f.unless(!c.time(name).IsZero(), "%s is not said", name)
		f.unless(strings.HasPrefix(name, "period") || p.page(c.time(name).UTC().Format("2 Jan 2006 15:04")), "the page doesn't say %s", name)
	}
	var decided, removed time.Time
	for _, r := range p.rows {
		for _, a := range answersOf(r) {
			if a.time("at").After(decided) {
				decided = a.time("at")
			}
		}
		if at := r.time("removal.read_back.value"); at.After(removed) {
			removed = at
		}
	}
	f.unless(decided.Equal(c.time("summary.timeliness.last_decision")) && removed.Equal(c.time("summary.timeliness.last_removal")), "the last decision, or the last removal, is not the last that the rows have")
	late := func(at time.Time) bool { return at.After(c.time("period.to").AddDate(0, 0, 15)) }
	f.unless(!late(decided) && !late(removed), "it was done later than 15 days after the period")
	f.unless(!decided.After(c.time("times.due")), "answers came after the due date")
	return f
}

func (p *pack) sealed() (f faults) {
	f.unless(p.signed == nil, "it is not sealed: %v", p.signed)
	f.unless(p.manifest.text("campaign") == p.campaign.text("id") && p.manifest.number("rows") == float64(len(p.rows)), "what is signed is another review")
	f.unless(p.manifest.text("log_root") != "" && p.manifest.text("chain.leaf") != "", "the head of the log is not signed with it")
	leaves, last := map[string]string{}, ""
	for _, e := range p.events {
		f.unless(leaf(e) == e.text("leaf"), "the event %s is not what its hash says", e.text("id"))
		leaves[e.text("id")] = e.text("leaf")
		last = e.text("leaf")
	}
	f.unless(last == p.manifest.text("chain.leaf"), "the chain of the review does not end as was signed")
	for _, r := range p.rows {
		all, _ := r.list("answers")
		for _, a := range all {
			f.unless(a.text("event.id") != "" && leaves[a.text("event.id")] == a.text("event.leaf"), "an answer to the row %s is no event of the log", r.text("id"))
		}
		if r.at("removal") != nil {
			f.unless(leaves[r.text("removal.event.id")] == r.text("removal.event.leaf") && r.text("removal.event.id") != "", "the removal of the row %s is no event of the log", r.text("id"))
		}
	}
	return f
}

func (p *pack) precision() (f faults) {
	pace, _ := p.campaign.list("summary.pace")
	paces := map[string]object{}
	for _, one := range pace {
		paces[one.text("person")] = one
		f.unless(one.number("answers") > 0 && one.number("bulk_share") >= 0 && one.text("rows_per_minute.is") != "" && p.page(one.text("name")), "the pace of %s is not said", one.text("name"))
	}
	answers := map[string]int{}
	for _, r := range p.rows {
		id := r.text("id")
		f.unless(r.text("shown") != "" && p.page(r.text("shown")), "it isn't said what was shown of the row %s", id)
		for _, fact := range []string{"person.name", "person.title", "person.department", "person.manager", "person.type", "access.at", "last_sign_in.at", "last_sign_in.reach", "peers", "earlier", "sod"} {
			f.unless(r.answered(fact), "%s of the row %s is neither said nor explained", fact, id)
		}
		f.unless(r.text("access.how") != "" && r.text("last_sign_in.source") != "" && r.text("recommended.value") != "" && r.text("recommended.reason") != "", "what was known of the row %s is not said", id)
		for _, a := range answersOf(r) {
			f.unless(a.text("seconds.is") != "" && !a.time("opened").IsZero(), "it isn't said how long the row %s was looked at, or that this is not recorded", id)
			f.unless(paces[a.text("by.person")] != nil, "the pace of %s is not said", a.text("by.name"))
		}
		all, _ := r.list("answers")
		for _, a := range all {
			if a.at("undone") == nil {
				answers[a.text("by.person")]++
			}
		}
	}
	for who, n := range answers {
		f.unless(int(paces[who].number("answers")) == n, "the pace of %s is of %v answers, and there are %d", who, paces[who].number("answers"), n)
	}
	for _, g := range p.groups {
		f.unless(g.text("opens") != "" && p.page(g.text("opens")), "it isn't said what %s opens", g.text("name"))
	}
	return f
}

func (p *pack) kept() (f faults) {
	for _, r := range p.rows {
		if r.text("outcome.verdict") != "keep" {
			continue
		}
		f.unless(r.text("outcome.words") != "", "it isn't said why the row %s was kept", r.text("id"))
		for _, a := range answersOf(r) {
			f.unless(!r.yes("privileged") || a.text("reason") != "", "the privileged row %s was kept without a reason", r.text("id"))
			f.unless(a.text("reason") == "" || p.page(a.text("reason")), "the page doesn't say why the row %s was kept", r.text("id"))
		}
		conflicts, _ := r.at("sod.value").([]any)
		f.unless(len(conflicts) == 0 || p.excepted(r.text("id")), "the row %s was kept although it is in conflict with another right, and nobody accepted that", r.text("id"))
	}
	return f
}

// excepted reports whether somebody accepted what is wrong with a row.
func (p *pack) excepted(row string) bool {
	all, _ := p.campaign.list("exceptions")
	return slices.ContainsFunc(all, func(e object) bool {
		return e.text("about") == row && e.text("by.name") != "" && e.text("reason") != ""
	})
}

// sample follows every person through the groups, and every group through its people, and compares
// the JSON with the table and the page.
func (p *pack) sample() (f faults) {
	groups := map[string]object{}
	for _, g := range p.groups {
		groups[g.text("key")] = g
	}
	lines := map[string]map[string]string{}
	for _, l := range p.tables["decisions.csv"] {
		lines[l["row"]] = l
	}
	_, people, _ := strings.Cut(p.html, `<h2 id="people">`)
	for _, r := range p.rows {
		id, g := r.text("id"), groups[r.text("group")]
		l := lines[id]
		f.unless(g != nil, "the row %s is of no group", id)
		f.unless(l["account"] == r.text("person.account") && l["directory"] == r.text("person.directory") && l["group_id"] == g.text("group_id") && l["outcome"] == r.text("outcome.verdict"), "decisions.csv and campaign.json say different things of the row %s", id)
		var by []string
		for _, a := range answersOf(r) {
			by = append(by, a.text("by.person"))
		}
		f.unless(l["decided_by_person"] == strings.Join(by, "; "), "decisions.csv and campaign.json say differently who answered the row %s", id)
		leads := r.text("access.link.key") != "" && p.page(r.text("access.link.key"))
		nobodyKnows := r.text("access.at.is") == "unknown" && r.text("access.grant") == ""
		f.unless(r.text("access.how") != "" && (leads || nobodyKnows), "nothing leads from the row %s to how the access came", id)
		own := regexp.MustCompile(regexp.QuoteMeta(r.text("person.account")) + `</td><td>(.*?)</td>`).FindStringSubmatch(people)
		f.unless(own != nil && strings.Contains(own[1], ">"+id+"<"), "the row %s is not found from its person", id)
	}
	f.unless(!p.campaign.time("times.snapshot").IsZero(), "there is no date to perform it again as of")
	return f
}
