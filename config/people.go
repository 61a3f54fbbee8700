package config

import (
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/config/value"
)

// People names people by lower-cased e-mail.
type People struct {
	Admins   []string // IT admins
	Fallback []string // who decides when nobody else can
	OnBehalf []string // who may ask for somebody else: managers, admins, owners, everybody
	Hours    Hours    // when everybody works, by the clock where they are
	// Directory is the one whose word on managers, departments and the like counts, and on who has left; "": all are heard.
	Directory string
}

// Hours are working hours of every day that is one.
type Hours struct {
	Days     []string
	From, To time.Duration
}

// Weekdays are the words for the days, Sunday first.
func Weekdays() []string {
	return []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
}

func workingHours(v value.Node) Hours {
	o := v.Object("days", "from", "to")
	h := Hours{Days: Weekdays()[1:6], From: clockTime(o.Get("from"), 9*time.Hour), To: clockTime(o.Get("to"), 17*time.Hour)}
	if days := o.Get("days"); days.Present() {
		h.Days = nil
		for _, item := range days.List() {
			h.Days = append(h.Days, item.OneOf("", Weekdays()...))
		}
		if len(h.Days) == 0 {
			days.Fault("%s has no day: name those on which people work, for example [monday, tuesday]", days.Path())
		}
	}
	if h.To-h.From < time.Hour && !v.Faulty() {
		v.Fault("%s: from has to be an hour before to at least", v.Path())
	}
	return h
}

// clockTime reads a time of the day.
func clockTime(v value.Node, usual time.Duration) time.Duration {
	if !v.Present() {
		return usual
	}
	text, ok := v.Text()
	if !ok {
		return usual
	}
	if text == "24:00" {
		return catalog.Day
	}
	at, err := time.Parse("15:04", text)
	if err != nil {
		v.Fault("%s can't be %q: write a time of the day in quotes, like \"9:00\"", v.Path(), text)
		return usual
	}
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
}

func people(v value.Node, directories []string) People {
	o := v.Object("admins", "fallback", "on_behalf", "hours", "directory")
	authority(o.Get("directory"), directories)
	return People{
		Admins: emails(o.Get("admins")), Fallback: emails(o.Get("fallback")), OnBehalf: onBehalf(o.Get("on_behalf")),
		Hours: workingHours(o.Get("hours")), Directory: o.Get("directory").TextOr(""),
	}
}

// onBehalf are the kinds of people who may ask for somebody else. Unless said
// otherwise, managers may for their reports, and IT for anybody.
func onBehalf(v value.Node) []string {
	if !v.Present() {
		return []string{"managers", "admins"}
	}
	var out []string
	for _, item := range v.List() {
		out = append(out, item.OneOf("", "managers", "admins", "owners", "everybody"))
	}
	return out
}

// email reads an e-mail address, folded as addresses are compared.
func email(v value.Node) (string, bool) {
	text, ok := v.Text()
	if !ok {
		return "", false
	}
	if !catalog.IsEmail(text) {
		v.Fault("%s can't be %q: write an e-mail address", v.Path(), text)
	}
	return string(access.NewEmail(text)), true
}

func emails(v value.Node) []string {
	var out []string
	for _, item := range v.List() {
		address, _ := email(item) // a faulty one keeps its place, so that paths agree
		out = append(out, address)
	}
	return out
}

func neededEmail(v value.Node, remedy string) string {
	if !v.Present() {
		v.Fault("%s is missing: %s", v.Path(), remedy)
		return ""
	}
	address, _ := email(v)
	return address
}

// authority reports a directory named authoritative that isn't there.
func authority(v value.Node, directories []string) {
	if named := v.TextOr(""); named != "" && len(directories) > 0 && !slices.Contains(directories, named) {
		v.Fault("people.directory names the directory %q, which is not configured: write the id of the one under idp that knows who is whose manager and who has left, or leave it out", named)
	}
}
