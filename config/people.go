package config

import (
	"latchkey/access"
	"latchkey/catalog"
	"latchkey/config/value"
)

// People names people by lower-cased e-mail.
type People struct {
	Admins   []string // IT admins
	Fallback []string // who decides when nobody else can
	OnBehalf []string // who may ask for somebody else: managers, admins, owners, everybody
}

func people(v value.Node) People {
	o := v.Object("admins", "fallback", "on_behalf")
	return People{Admins: emails(o.Get("admins")), Fallback: emails(o.Get("fallback")), OnBehalf: onBehalf(o.Get("on_behalf"))}
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
