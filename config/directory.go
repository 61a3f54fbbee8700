package config

import (
	"maps"
	"regexp"
	"slices"
)

// Directory is one directory of people and groups. Which keys are read depends
// on the type; the others are empty.
type Directory struct {
	ID    string // what groups and records call it
	Type  string // okta, entra or google
	URL   string // without a trailing slash; empty: the vendor's own address
	Token Secret // okta: an API token, instead of ClientID and PrivateKey

	ClientID         string   // okta, entra: the service app
	ClientSecret     Secret   // entra
	PrivateKey       Secret   // okta: the service app's key, PEM
	KeyID            string   // okta: the key's id, if the app has several
	ManagerAttribute string   // okta: the profile attribute that names the manager; empty: managerId
	Scopes           []string // okta: what the service app asks for; empty: what Latchkey needs
	Tenant           string   // entra
	Customer         string   // google: my_customer unless set
	Subject          string   // google: the admin the service account acts as
	Credentials      Secret   // google: the service account's JSON key
}

var directoryIDPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,30}$`)

// directoryKeys are the keys each type of directory reads.
func directoryKeys() map[string][]string {
	return map[string][]string{
		"okta":   {"url", "token", "client_id", "private_key", "key_id", "scopes", "manager_attribute"},
		"entra":  {"url", "tenant", "client_id", "client_secret"},
		"google": {"url", "customer", "subject", "credentials"},
	}
}

func directoryIDs(configs []Directory) []string {
	var ids []string
	for _, c := range configs {
		if c.ID != "" {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

func (d *configDecoder) idps(v configValue) []Directory {
	if items := v.list(); len(items) > 0 {
		return d.directoryList(items)
	}
	if !d.faultyUnder(v.path) {
		v.fault("idp names no directory: add one, for example {id: okta, type: okta, url: https://acme.okta.com, token: \"${OKTA_TOKEN}\"}")
	}
	return nil
}

func (d *configDecoder) directoryList(items []configValue) []Directory {
	var out []Directory
	for _, item := range items {
		c := d.idp(item)
		if c.ID != "" && slices.Contains(directoryIDs(out), c.ID) {
			d.fault(item.path+".id", "the directory id %q is used twice: give each directory an id of its own", c.ID)
		}
		out = append(out, c)
	}
	return out
}

func (d *configDecoder) idp(v configValue) Directory {
	o := v.object(d.idpKeys(v)...)
	var c Directory
	c.Type = o.directoryType(d.directories)
	if id, ok := o.get("id").needed("write a short name for the directory, for example okta"); ok {
		c.ID = id
		if !directoryIDPattern.MatchString(id) {
			o.get("id").fault("%s can't be %q: write up to 31 lower-case letters, digits, - or _", o.get("id").path, id)
		}
	}
	if !slices.Contains(d.directories, c.Type) {
		return c
	}
	switch c.Type {
	case "okta":
		o.okta(&c)
	case "entra":
		o.entra(&c)
	case "google":
		o.google(&c)
	}
	return c
}

// idpKeys are the keys of the entry's own type; of all types if the type can't
// be used, so that one slip does not make every key a fault.
func (d *configDecoder) idpKeys(v configValue) []string {
	keys, byType := []string{"id", "type"}, directoryKeys()
	content := v.target().Content
	for i := 0; i+1 < len(content); i += 2 {
		kind := content[i+1].Value
		if content[i].Value == "type" && slices.Contains(d.directories, kind) {
			return append(keys, byType[kind]...)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(byType)) {
		keys = append(keys, byType[kind]...)
	}
	return keys
}

func (o configObject) directoryType(known []string) string {
	v := o.get("type")
	text, ok := v.needed("write the kind of directory; " + didYouMean("", known))
	if ok && !slices.Contains(known, text) {
		v.fault("%s can't be %q: %s", v.path, text, didYouMean(text, known))
	}
	return text
}

// okta signs in with an API token, or as a service app with a key of its own.
func (o configObject) okta(c *Directory) {
	c.URL = o.get("url").url("https://acme.okta.com")
	token, client, key := o.get("token"), o.get("client_id"), o.get("private_key")
	c.ClientID, c.KeyID = client.textOr(""), o.get("key_id").textOr("")
	if token.present() {
		c.Token = token.token("make an API token in the Okta Admin Console under Security > API, and set it")
	}
	if key.present() {
		c.PrivateKey = key.secret("save the service app's private key (PEM) there")
	}
	c.Scopes, c.ManagerAttribute = o.get("scopes").texts(), o.get("manager_attribute").textOr("")
	switch {
	case token.present() && (client.present() || key.present()):
		token.fault("%s has both a token and a service app: keep token, or client_id and private_key", o.of.path)
	case !token.present() && !client.present() && !key.present():
		o.of.fault("%s has no way to sign in: add token: ${OKTA_TOKEN}, or client_id and private_key of a service app", o.of.path)
	case client.present() != key.present():
		o.of.fault("%s names a service app by half: client_id and private_key go together", o.of.path)
	}
}

func (o configObject) entra(c *Directory) {
	if u := o.get("url"); u.present() {
		c.URL = u.url("https://graph.microsoft.com")
	}
	c.Tenant, _ = o.get("tenant").needed("write the tenant's id")
	c.ClientID, _ = o.get("client_id").needed("write the application (client) id of the app registration")
	c.ClientSecret = o.get("client_secret").neededToken("client_secret: ${ENTRA_CLIENT_SECRET}",
		"make a client secret for the app registration, and set it")
}

func (o configObject) google(c *Directory) {
	if u := o.get("url"); u.present() {
		c.URL = u.url("https://admin.googleapis.com")
	}
	c.Customer = o.get("customer").textOr("my_customer")
	c.Subject = o.neededEmail("subject", "name the admin the service account acts as")
	credentials := o.get("credentials")
	if !credentials.present() {
		credentials.fault("%s is missing: write credentials: ${file:/run/secrets/google.json}", credentials.path)
		return
	}
	c.Credentials = credentials.secret("save the service account's JSON key there")
}
