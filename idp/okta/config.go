package okta

import (
	"context"
	"slices"
	"strings"

	"latchkey/config/value"
	"latchkey/idp"
)

// Settings are what config.yaml says about an org.
type Settings struct {
	URL               string       // without a trailing slash
	Token             value.Secret // an API token, instead of ClientID and PrivateKey
	ClientID          string       // the service app
	PrivateKey        value.Secret // its key, PEM
	KeyID             string       // the key's id, if the app has several
	Scopes            []string     // what the service app asks for; empty: StandardScopes
	SignInClient      string       // the native app by which people prove their accounts; empty: there is none
	ManagerAttribute  string       // the profile attribute that names the manager; empty: managerId
	TypeAttribute     string       // the one that says what sort of work relation it is; empty: userType
	LocationAttribute string       // the one that says where somebody works; empty: city
	ProbeGroup        string       // a test group, by whose members the right to change them is tried; empty: it isn't
}

// Decode reads an org's entry under idp. Latchkey signs in with an API token, or
// as a service app with a key of its own.
func Decode(n value.Node) Settings {
	o := n.Object("url", "token", "client_id", "private_key", "key_id", "scopes", "manager_attribute", "type_attribute", "location_attribute", "sign_in_client", "probe_group")
	token, client, key := o.Get("token"), o.Get("client_id"), o.Get("private_key")
	s := Settings{
		URL:      o.Get("url").URL("https://acme.okta.com"),
		ClientID: client.TextOr(""), KeyID: o.Get("key_id").TextOr(""),
		Scopes: o.Get("scopes").Texts(), ManagerAttribute: o.Get("manager_attribute").TextOr(""),
		TypeAttribute: o.Get("type_attribute").TextOr(""), LocationAttribute: o.Get("location_attribute").TextOr(""),
		SignInClient: o.Get("sign_in_client").TextOr(""), ProbeGroup: o.Get("probe_group").TextOr(""),
	}
	if token.Present() {
		s.Token = token.Token("make an API token in the Okta Admin Console under Security > API, and set it")
	}
	if key.Present() {
		s.PrivateKey = key.Secret("save the service app's private key (PEM) there")
	}
	if host, _, _ := strings.Cut(strings.TrimPrefix(s.URL, "https://"), "."); strings.HasSuffix(host, "-admin") {
		o.Get("url").Fault("%s is the address of the admin console: write the org's own, without -admin, as in https://%s.okta.com", o.Get("url").Path(), strings.TrimSuffix(host, "-admin"))
	}
	switch {
	case token.Present() && (client.Present() || key.Present()):
		token.Fault("%s has both a token and a service app: keep token, or client_id and private_key", o.Path())
	case !token.Present() && !client.Present() && !key.Present():
		o.Fault("%s has no way to sign in: add token: ${OKTA_TOKEN}, or client_id and private_key of a service app", o.Path())
	case client.Present() != key.Present():
		o.Fault("%s names a service app by half: client_id and private_key go together", o.Path())
	}
	return s
}

// EndsSessions tells whether people's sessions in the org can be ended: an API token may do what its owner may, a
// service app what its scopes say.
func (s Settings) EndsSessions() bool {
	return s.ClientID == "" || slices.Contains(s.Scopes, scopeManageUsers)
}

// SignsIn tells whether people can sign in to the org for what they do here.
func (s Settings) SignsIn() bool { return s.SignInClient != "" }

// APIToken is the API token, which may stand in a file and be replaced there.
func (s Settings) APIToken() value.Secret { return s.Token }

// Config is what the settings mean for an org of the given id. Limits, clock, log
// and the way to Okta are the caller's to add.
func (s Settings) Config(id string) Config {
	return Config{
		ID: id, URL: s.URL, Token: s.Token.Reveal(), ClientID: s.ClientID, PrivateKey: s.PrivateKey.Reveal(),
		KeyID: s.KeyID, Scopes: s.Scopes, ManagerAttribute: s.ManagerAttribute, TypeAttribute: s.TypeAttribute, LocationAttribute: s.LocationAttribute, SignInClient: s.SignInClient, ProbeGroup: s.ProbeGroup,
	}
}

// Connect opens the org that settings describe.
func Connect(ctx context.Context, s Settings, around idp.Environment) (idp.Directory, error) {
	c := s.Config(around.ID)
	c.InFlight, c.Among, c.Clock, c.Logger, c.Transport = around.InFlight, around.Among, around.Clock, around.Logger, around.Transport
	d, err := Open(ctx, c)
	if err != nil {
		return nil, err
	}
	return d, nil
}
