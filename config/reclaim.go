package config

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/catalog"
	"latchkey/config/value"
)

// How seats come back unless said otherwise.
const (
	reclaimGrace     = 7 * catalog.Day
	reclaimPostpone  = 30 * catalog.Day
	reclaimPostpones = 1
	reclaimRestore   = 30 * catalog.Day
	reclaimAtMost    = 25
	reclaimPerPerson = 2
)

// reclaimKeys are those of a setting; where they stand on top, two more stand beside them.
func reclaimKeys(more ...string) []string {
	return append(more, "idle", "cycle", "grace", "postpone", "postpones", "least", "copy", "issue", "restore", "downgrade", "exempt")
}

// reclaiming is {at_most, per_person, …}: how much comes back at once, and what holds for apps that don't say otherwise.
func (d *catalogueReader) reclaiming(v value.Node) catalog.Reclaiming {
	d.reclaim = v.Object(reclaimKeys("at_most", "per_person")...)
	if down := d.reclaim.Get("downgrade"); down.Present() {
		down.Fault("%s: roles are an app's own: write downgrade into the app or the role", down.Path())
	}
	return catalog.Reclaiming{
		AtMost:    d.reclaim.Get("at_most").Number(reclaimAtMost, 1, 10_000),
		PerPerson: d.reclaim.Get("per_person").Number(reclaimPerPerson, 1, 100),
	}
}

// reclaimOf is how seats of a role come back: as the role says, else its app, else the house. They do where the role or the
// app has the key, be it only reclaim: on.
func (d *catalogueReader) reclaimOf(role, app value.Object) catalog.Reclaim {
	own, above := role.Get("reclaim"), app.Get("reclaim")
	mine, asked := reclaimPart(own)
	theirs, theyAsk := reclaimPart(above)
	if !asked && (own.Present() || !theyAsk) {
		return catalog.Reclaim{}
	}
	get := func(key string) value.Node { return d.layered(key, own, mine, theirs, d.reclaim) }
	r := catalog.Reclaim{
		Idle: period(get("idle"), 0), Cycle: period(get("cycle"), 0), Grace: period(get("grace"), reclaimGrace),
		Postpone: period(get("postpone"), reclaimPostpone), Postpones: get("postpones").Number(reclaimPostpones, 0, 12),
		Least:   catalog.UsageSource(get("least").OneOf(string(catalog.AppSignIn), string(catalog.AppSignIn), string(catalog.DirectorySignIn))),
		Issue:   catalog.ReclaimIssue(get("issue").OneOf(string(catalog.OwnIssue), string(catalog.OwnIssue), string(catalog.OriginalIssue))),
		Restore: period(get("restore"), reclaimRestore), Downgrade: get("downgrade").TextOr(""),
	}
	if text := get("copy").OneOf(nobody, nobody, string(catalog.CopyManager), string(catalog.CopyOwner)); text != nobody {
		r.Copy = catalog.ReclaimCopy(text)
	}
	for _, layer := range []value.Object{mine, theirs, d.reclaim} { // what is left out is left out by each of them
		r.Exempt = append(r.Exempt, exemptions(layer.Get("exempt"))...)
	}
	if r.Idle == 0 && !get("idle").Present() {
		d.doc.Fault(reclaimPath(own, above), "it isn't said how long a seat is idle before its holder is asked: add idle under reclaim, for example 60d")
	}
	return r
}

// nobody in place of somebody who hears of it.
const nobody = "nobody"

// reclaimPath is where seats are said to come back.
func reclaimPath(own, above value.Node) string {
	if own.Present() {
		return own.Path()
	}
	return above.Path()
}

// reclaimPart reads the setting of one place: a mapping, on, or off.
func reclaimPart(v value.Node) (o value.Object, on bool) {
	if !v.Present() || v.IsMapping() {
		return v.Object(reclaimKeys()...), v.Present()
	}
	switch text, _ := v.Plain(); text {
	case "on", "true":
		on = true
	case "off", "false":
	default:
		v.Fault("%s can't be %q: write on, off, or how, for example {idle: 60d}", v.Path(), text)
	}
	return value.Object{}, on
}

// layered is a key from the first of some places that has it. The catalogue finds faults where the role would have it.
func (d *catalogueReader) layered(key string, own value.Node, places ...value.Object) value.Node {
	at := value.JoinPath(own.Path(), key)
	for _, o := range places {
		if v := o.Get(key); v.Present() {
			if v.Path() != at {
				d.inherited[at] = v.Path()
			}
			return v
		}
	}
	return d.reclaim.Get(key)
}

// exemptions read who is left out: [{person | group, until, why}].
func exemptions(v value.Node) (out []catalog.ReclaimExempt) {
	for _, item := range v.List() {
		o := item.Object("person", "group", "until", "why")
		e := catalog.ReclaimExempt{Person: strings.ToLower(o.Get("person").TextOr("")), Until: day(o.Get("until")), Why: o.Get("why").TextOr("")}
		if g := o.Get("group"); g.Present() {
			e.Group, _ = group(g)
		}
		out = append(out, e)
	}
	return out
}

// day reads a date such as 2027-03-01; zero when absent.
func day(v value.Node) time.Time {
	if !v.Present() {
		return time.Time{}
	}
	text, ok := v.Plain()
	if !ok {
		return time.Time{}
	}
	at, err := time.Parse(time.DateOnly, text)
	if err != nil { // a program that writes YAML may write a day as a moment
		at, err = time.Parse(time.RFC3339, text)
	}
	if err != nil {
		v.Fault("%s can't be %q: write a day like 2027-03-01", v.Path(), text)
	}
	return at
}

// seat reads {price, per, committed, renews}: what a seat costs, such as 12.50 EUR.
func seat(v value.Node) catalog.Seat {
	o := v.Object("price", "per", "committed", "renews")
	s := catalog.Seat{Committed: o.Get("committed").Number(0, 0, 10_000_000), Renews: day(o.Get("renews"))}
	per := o.Get("per").OneOf(month, month, year)
	price := o.Get("price")
	if !price.Present() {
		return s
	}
	text, ok := price.Text()
	if !ok {
		return s
	}
	amount, currency, _ := strings.Cut(strings.TrimSpace(text), " ")
	n, err := strconv.ParseFloat(amount, 64)
	if err != nil || n < 0 || n > 1_000_000 || len(currency) != 3 || slices.ContainsFunc([]rune(currency), func(r rune) bool { return r < 'A' || r > 'Z' }) {
		price.Fault("%s can't be %q: write an amount and a currency, for example 12.50 EUR", price.Path(), text)
		return s
	}
	if per == year {
		n /= 12
	}
	s.Price, s.Currency = int64(math.Round(n*100)), currency
	return s
}

// For how long a seat's price is paid.
const month, year = "month", "year"

// uses read the applications in whose sign-ins the use of an app shows, each as directory:application.
func uses(v value.Node) (out []catalog.AppUse) {
	for _, item := range v.List() {
		text, ok := item.Text()
		if !ok {
			continue
		}
		directory, app, both := strings.Cut(text, ":")
		if !both || directory == "" || app == "" {
			item.Fault("%s can't be %q: write a directory and its own id of an application, for example okta:0oa1gjh63g214q0Hq0g4", item.Path(), text)
		}
		out = append(out, catalog.AppUse{Directory: directory, App: app})
	}
	return out
}
