package populationfaults

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/idp"
	"latchkey/idp/entra"
	"latchkey/idp/google"
	"latchkey/idp/okta"
	"latchkey/idp/scim"
	entrabox "latchkey/sandbox/entra"
	googlebox "latchkey/sandbox/google"
	oktabox "latchkey/sandbox/okta"
	scimbox "latchkey/sandbox/scim"
)

func address(handle string) string { return handle + "@x.com" }

// handles are whose addresses they are.
func handles(addresses []string) (out []string) {
	for _, a := range addresses {
		out = append(out, strings.TrimSuffix(a, "@x.com"))
	}
	return out
}

// link is the whole link to the next page, of services that have links in headers.
func (c *call) link() string {
	for _, l := range c.header.Values("Link") {
		if target, is := strings.CutSuffix(l, `>; rel="next"`); is {
			return strings.TrimPrefix(target, "<")
		}
	}
	return ""
}

func parameter(link, name string) string {
	at, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return at.Query().Get(name)
}

func pathOf(r *http.Request, prefix string) []string {
	rest, is := strings.CutPrefix(r.URL.Path, prefix)
	if !is {
		return nil
	}
	return strings.Split(rest, "/")
}

func oktaHouse(t *testing.T) *house {
	clock := &leaping{}
	s := oktabox.New(oktabox.Config{FullShare: true, Clock: clock})
	t.Cleanup(s.Close)
	h := &house{service: s.Handler(), clock: clock}
	h.vendor = vendor{
		name: "Okta", sort: oktaSort, cursor: "after", size: "limit", id: "id", nobody: "00u99999999999999999",
		strange: func(i int) string { return fmt.Sprintf("00u8888888888888888%d", i) },
		nextOf:  func(c *call) string { return parameter(c.link(), "after") },
		leads:   oktaLead,
		leadsTo: func(c *call, to *url.URL) { oktaLink(c, "http://"+c.Host+to.RequestURI()) },
		counts: func(c *call, n any) {
			c.change(0, func(g map[string]any) { g["_embedded"] = map[string]any{"stats": map[string]any{"usersCount": n}} })
		},
		renamed: func(row any, to string) any {
			return copyOf(row, func(o map[string]any) { o["profile"] = map[string]any{"login": to, "email": to} })
		},
	}
	h.join = func(g, who string, in bool) { s.SetMember(g, address(who), in) }
	h.forget = func(who string) { s.DeleteUser(address(who)) }
	h.close = func(who string) { s.SetStatus(address(who), "DEPROVISIONED") }
	h.in = func(g string) []string { return handles(s.Members(g)) }
	h.open = func(t *testing.T, at string) idp.Directory {
		clock.leap(time.Hour) // nobody has joined or left for as long
		d, err := okta.Open(t.Context(), okta.Config{URL: at, Token: oktabox.DemoToken, Transport: transport(t), Clock: h.clock})
		return opened(t, d, err)
	}
	return h.begin(t, func(who string) string { return s.AddUser(oktabox.User{Login: address(who), First: who}).ID },
		func(name string) string { return s.AddGroup(oktabox.Group{Name: name}).ID })
}

func oktaSort(r *http.Request) (asks, string) {
	parts := pathOf(r, "/api/v1/groups/")
	switch {
	case len(parts) == 2 && parts[1] == "users" && r.Method == http.MethodGet:
		return members, parts[0]
	case r.URL.Path == "/api/v1/groups" && r.URL.Query().Has("filter"):
		_, id, _ := strings.Cut(r.URL.Query().Get("filter"), `"`)
		return count, strings.TrimSuffix(id, `"`)
	case r.URL.Path == "/api/v1/groups" && r.URL.Query().Has("search"), len(parts) == 1 && parts[0] != "rules":
		return group, strings.Join(parts, "")
	case len(pathOf(r, "/api/v1/users/")) == 1:
		return person, ""
	}
	return other, ""
}

func oktaLead(c *call, cursor string) {
	q := c.URL.Query()
	q.Set("after", cursor)
	link := ""
	if cursor != "" {
		link = "http://" + c.Host + c.URL.EscapedPath() + "?" + q.Encode()
	}
	oktaLink(c, link)
}

func oktaLink(c *call, to string) {
	links := slices.DeleteFunc(slices.Clone(c.header.Values("Link")), func(l string) bool { return strings.HasSuffix(l, `rel="next"`) })
	if to != "" {
		links = append(links, "<"+to+`>; rel="next"`)
	}
	c.header["Link"] = links
}

func entraHouse(t *testing.T) *house {
	s := entrabox.New(entrabox.Config{Unlimited: true})
	t.Cleanup(s.Close)
	h := &house{service: s.Handler(), clock: &leaping{}}
	h.vendor = vendor{
		name: "Entra", sort: entraSort, cursor: "$skiptoken", size: "$top", list: "value", id: "id", nobody: "99999999-9999-4999-8999-999999999999", separate: true,
		strange: func(i int) string { return fmt.Sprintf("88888888-8888-4888-8888-88888888888%d", i) },
		nextOf: func(c *call) string {
			o, _ := c.doc().(map[string]any)
			link, _ := o["@odata.nextLink"].(string)
			return parameter(link, "$skiptoken")
		},
		leads: func(c *call, cursor string) {
			to := *c.URL
			q := to.Query()
			q.Set("$skiptoken", cursor)
			to.RawQuery = q.Encode()
			entraLink(c, &to, cursor != "")
		},
		leadsTo: func(c *call, to *url.URL) { entraLink(c, to, true) },
		counts:  func(c *call, n any) { c.edit(func(o map[string]any) { o["@odata.count"] = n }) },
		renamed: func(row any, to string) any {
			return copyOf(row, func(o map[string]any) { o["mail"], o["userPrincipalName"] = to, to })
		},
	}
	h.join = func(g, who string, in bool) { s.SetMember(g, address(who), in) }
	h.forget = func(who string) { s.DeleteUser(address(who)) }
	h.close = func(who string) {
		if err := s.EditUser(address(who), func(u *entrabox.User) { u.Disabled = true }); err != nil {
			t.Error(err)
		}
	}
	h.in = func(g string) []string { return handles(s.Members(g)) }
	h.open = func(t *testing.T, at string) idp.Directory {
		d, err := entra.Open(entra.Config{
			Tenant: entrabox.DemoTenant, ClientID: entrabox.DemoClient, Secret: func() string { return entrabox.DemoSecret }, APIURL: at, Transport: transport(t), Clock: h.clock,
		})
		return opened(t, d, err)
	}
	return h.begin(t, func(who string) string {
		return s.AddUser(entrabox.User{UPN: address(who), Mail: address(who), DisplayName: who}).ID
	}, func(name string) string { return s.AddGroup(entrabox.Group{Name: name}).ID })
}

func entraLink(c *call, to *url.URL, is bool) {
	c.edit(func(o map[string]any) {
		delete(o, "@odata.nextLink")
		if is {
			o["@odata.nextLink"] = "https://graph.microsoft.com" + to.RequestURI()
		}
	})
}

func entraSort(r *http.Request) (asks, string) {
	parts, user := pathOf(r, "/v1.0/groups/"), pathOf(r, "/v1.0/users/")
	switch {
	case r.Method != http.MethodGet:
		return other, ""
	case len(parts) == 3 && parts[2] == "microsoft.graph.user" && r.URL.Query().Get("$select") == "id":
		return count, parts[0]
	case len(parts) == 3 && parts[2] == "microsoft.graph.user":
		return users, parts[0]
	case len(parts) == 2 && parts[1] == "members":
		return members, parts[0]
	case r.URL.Path == "/v1.0/groups", len(parts) == 1:
		return group, strings.Join(parts, "")
	case len(user) == 1:
		return person, ""
	}
	return other, ""
}

var googleKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func googleHouse(t *testing.T) *house {
	key, err := googleKey()
	if err != nil {
		t.Fatal(err)
	}
	account := googlebox.ServiceAccount{Email: "latchkey@acme.iam.gserviceaccount.com", ClientID: "104512345678901234567", KeyID: "key-1", Key: key, Scopes: googleScopes()}
	s := googlebox.New(googlebox.Config{Accounts: []googlebox.ServiceAccount{account}, Domains: []string{googlebox.DemoDomain, "x.com"}})
	t.Cleanup(s.Close)
	h := &house{service: s.Handler(), clock: &leaping{}}
	h.vendor = vendor{
		name: "Google", sort: googleSort, cursor: "pageToken", size: "maxResults", list: "members", id: "id", nobody: "999999999999999999999",
		strange: func(i int) string { return fmt.Sprintf("88888888888888888888%d", i) },
		nextOf: func(c *call) string {
			o, _ := c.doc().(map[string]any)
			token, _ := o["nextPageToken"].(string)
			return token
		},
		leads:   googleLead,
		leadsTo: func(c *call, to *url.URL) { googleLead(c, c.of(design).next()) },
		counts:  googleCount,
		renamed: func(row any, to string) any { return copyOf(row, func(o map[string]any) { o["email"] = to }) },
	}
	h.join = func(g, who string, in bool) { s.SetMember(g+"@x.com", address(who), in) }
	h.forget = func(who string) { s.DeleteUser(address(who)) }
	h.close = func(who string) {
		if err := s.EditUser(address(who), func(u *googlebox.User) { u.Suspended = true }); err != nil {
			t.Error(err)
		}
	}
	h.in = func(g string) []string { return handles(s.Members(g + "@x.com")) }
	h.open = func(t *testing.T, at string) idp.Directory {
		file, err := account.KeyFile(at + "/token")
		if err != nil {
			t.Fatal(err)
		}
		d, err := google.Open(t.Context(), google.Config{URL: at, Key: file, Subject: googlebox.DemoAdmin, Transport: transport(t), SuspendedLeft: true, Clock: h.clock})
		return opened(t, d, err)
	}
	return h.begin(t, func(who string) string { return s.AddUser(googlebox.User{Email: address(who), Given: who}).ID },
		func(name string) string { return s.AddGroup(googlebox.Group{Email: name + "@x.com", Name: name}).ID })
}

func googleScopes() (all []string) {
	for _, s := range []string{"admin.directory.user.readonly", "admin.directory.group.readonly", "admin.directory.group.member", "cloud-identity.groups.readonly",
		"admin.reports.audit.readonly", "admin.directory.user.security", "admin.directory.rolemanagement.readonly", "cloud-identity.groups"} {
		all = append(all, "https://www.googleapis.com/auth/"+s)
	}
	return all
}

func googleLead(c *call, cursor string) {
	c.edit(func(o map[string]any) {
		delete(o, "nextPageToken")
		if cursor != "" {
			o["nextPageToken"] = cursor
		}
	})
}

// googleCount writes a number as text, as Google does.
func googleCount(c *call, n any) {
	c.edit(func(o map[string]any) {
		switch n := n.(type) {
		case int:
			o["directMembersCount"] = fmt.Sprint(n)
		case float64:
			o["directMembersCount"] = fmt.Sprintf("%.0f", n)
		default:
			o["directMembersCount"] = n
		}
	})
}

// googleSort takes every look-up of the group for a count: nothing tells them apart.
func googleSort(r *http.Request) (asks, string) {
	parts := pathOf(r, "/admin/directory/v1/groups/")
	switch {
	case r.Method != http.MethodGet:
		return other, ""
	case len(parts) == 2 && parts[1] == "members":
		return members, parts[0]
	case r.URL.Path == "/admin/directory/v1/groups":
		return group, ""
	case len(parts) == 1:
		return count, parts[0]
	case len(pathOf(r, "/admin/directory/v1/users/")) == 1:
		return person, ""
	}
	return other, ""
}

func scimHouse(t *testing.T) *house {
	s := scimbox.New(scimbox.Config{})
	h := &house{service: s.Handler(), clock: &leaping{}}
	h.vendor = vendor{
		name: "SCIM", sort: scimSort, list: "members", id: "value", nobody: "u-999999",
		strange: func(i int) string { return fmt.Sprintf("u-88888%d", i) },
		nextOf:  func(*call) string { return "" }, leads: func(*call, string) {}, leadsTo: func(*call, *url.URL) {},
		counts:  func(c *call, n any) { c.edit(func(o map[string]any) { o["totalResults"] = n }) },
		renamed: func(row any, _ string) any { return row },
	}
	h.join = func(g, who string, in bool) { s.SetMember(h.groups[g], h.ids[who], in) }
	h.forget = func(who string) { s.DeleteUser(h.ids[who]) }
	h.close = func(who string) { s.EditUser(h.ids[who], func(u *scimbox.User) { u.Active = false }) }
	h.in = func(g string) (who []string) {
		for _, id := range s.Members(h.groups[g]) {
			who = append(who, h.handle(map[string]any{"value": id}))
		}
		return who
	}
	h.open = func(t *testing.T, at string) idp.Directory {
		d, err := scim.Open(scim.Config{URL: at + "/scim/v2/", Token: scimbox.DemoToken, Transport: transport(t), Clock: h.clock})
		return opened(t, d, err)
	}
	return h.begin(t, func(who string) string { return s.AddUser(scimbox.User{Email: address(who), Name: who}) },
		func(name string) string { return s.AddGroup(scimbox.Group{Name: name}) })
}

func scimSort(r *http.Request) (asks, string) {
	groups, filter := pathOf(r, "/scim/v2/Groups/"), r.URL.Query().Get("filter")
	switch {
	case r.Method != http.MethodGet:
		return other, ""
	case len(groups) == 1 && strings.Contains(r.URL.Query().Get("excludedAttributes"), "members"):
		return group, groups[0]
	case len(groups) == 1:
		return members, groups[0]
	case strings.HasPrefix(filter, "groups"):
		_, id, _ := strings.Cut(filter, `"`)
		id, _, _ = strings.Cut(id, `"`)
		return count, id
	case strings.HasPrefix(filter, "id "):
		return accounts, ""
	case len(pathOf(r, "/scim/v2/Users/")) == 1:
		return person, ""
	}
	return other, ""
}

func transport(t *testing.T) http.RoundTripper {
	own := &http.Transport{}
	t.Cleanup(own.CloseIdleConnections)
	return own
}

func opened[D interface {
	idp.Directory
	Close()
}](t *testing.T, d D, err error) idp.Directory {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}
