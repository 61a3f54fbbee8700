package scim

import (
	"latchkey/config/value"
)

// Settings are what config.yaml says about a SCIM server.
type Settings struct {
	URL               string       // without a trailing slash
	Token             value.Secret // a bearer token, instead of User and Password
	User              string       // for HTTP Basic
	Password          value.Secret
	ProbeGroup        string // the name of a test group that is never empty; empty: there is none
	RemoveByValue     bool   // how a member is removed
	Elsewhere, OnHold []Mark
	TypeAttribute     string // the one that says what sort of work relation it is; empty: userType
	LocationAttribute string // the one that says where somebody works; empty: addresses.locality
}

// Decode reads a server's entry under idp.
func Decode(n value.Node) Settings {
	o := n.Object("url", "token", "user", "password", "probe_group", "remove", "managed_elsewhere", "on_hold", "type_attribute", "location_attribute")
	token, user, password := o.Get("token"), o.Get("user"), o.Get("password")
	s := Settings{
		URL: o.Get("url").URL("https://directory.example/scim/v2"), User: user.TextOr(""), ProbeGroup: o.Get("probe_group").TextOr(""),
		RemoveByValue: o.Get("remove").OneOf("by filter", "by filter", "by value") == "by value",
		Elsewhere:     marks(o.Get("managed_elsewhere")), OnHold: marks(o.Get("on_hold")),
		TypeAttribute: o.Get("type_attribute").TextOr(""), LocationAttribute: o.Get("location_attribute").TextOr(""),
	}
	if token.Present() {
		s.Token = token.Token("make a token for provisioning in the directory, and set it")
	}
	if password.Present() {
		s.Password = password.Secret("set the password of the account that Latchkey has in the directory")
	}
	switch {
	case token.Present() && (user.Present() || password.Present()):
		token.Fault("%s has both a token and a user: keep token, or user and password", o.Path())
	case !token.Present() && !user.Present() && !password.Present():
		o.Fault("%s has no way to sign in: add token: ${SCIM_TOKEN}, or user and password", o.Path())
	case user.Present() != password.Present():
		o.Fault("%s names an account by half: user and password go together", o.Path())
	}
	return s
}

// marks reads attributes with their values.
func marks(n value.Node) (all []Mark) {
	for _, item := range n.List() {
		o := item.Object("attribute", "value")
		attribute, named := o.Get("attribute").Needed("write which attribute, for example urn:ietf:params:scim:schemas:extension:acme:2.0:Group:source")
		is, valued := o.Get("value").Needed("write the value that it has then")
		if named && valued {
			all = append(all, Mark{attribute, is})
		}
	}
	return all
}

// APIToken is the token or the password, which may stand in a file and be replaced there.
func (s Settings) APIToken() value.Secret {
	if s.Token.IsZero() {
		return s.Password
	}
	return s.Token
}

// Config is what the settings mean for a server of the given id. Limits, clock, log and the way to the server are
// the caller's to add.
func (s Settings) Config(id string) Config {
	return Config{
		ID: id, URL: s.URL, Token: s.Token.Reveal(), User: s.User, Password: s.Password.Reveal(), ProbeGroup: s.ProbeGroup, RemoveByValue: s.RemoveByValue,
		Elsewhere: s.Elsewhere, OnHold: s.OnHold, TypeAttribute: s.TypeAttribute, LocationAttribute: s.LocationAttribute,
	}
}
