package google

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"latchkey/sandbox/google/world"
)

// user finds the account that a path key means, or the refusal: a key that is neither an
// address nor an id, somebody of another organisation, nobody. An account that was just
// made may be found by its address but not yet by its id.
func (s *Server) user(c *call, key string) (*world.LiveUser, *reply) {
	u := c.dir.User(key)
	var r reply
	switch {
	case u != nil && u.ID == key && s.now().Before(u.Created.Add(c.dir.FreshLag)):
		r = notFound("userKey")
	case u != nil:
		return u, nil
	case strings.Contains(key, "@") && !c.dir.Ours(key):
		r = forbidden()
	case strings.Contains(key, "@") || isNumber(key):
		r = notFound("userKey")
	default:
		r = failure(http.StatusBadRequest, "invalid", "Type not supported: userKey")
	}
	return nil, &r
}

func isNumber(key string) bool {
	return key != "" && strings.Trim(key, "0123456789") == ""
}

func (s *Server) getUser(c *call) reply {
	u, refused := s.user(c, s.understood(c.PathValue("user")))
	if refused != nil {
		return *refused
	}
	if p := c.URL.Query().Get("projection"); p != "full" && p != "basic" && p != "" {
		return s.refuse(c.Request, "projection "+p)
	}
	return ok(s.userObject(c, u.User))
}

// userObject writes an account. Lists that are empty are left out, and who never signed in
// did so in 1970.
func (s *Server) userObject(c *call, u world.User) object {
	o := object{
		"kind": "admin#directory#user", "id": u.ID, "primaryEmail": u.Email, "customerId": s.cfg.CustomerID,
		"name":    object{"givenName": u.Given, "familyName": u.Family, "fullName": strings.TrimSpace(u.Given + " " + u.Family)},
		"isAdmin": u.Super, "isDelegatedAdmin": c.dir.Delegated(u.ID), "suspended": u.Suspended, "archived": u.Archived, "orgUnitPath": u.OrgUnit,
		"creationTime": stamp(u.Created), "lastLoginTime": stamp(u.LastLogin), "nonEditableAliases": []string{world.TestAddress(u.Email)}, "isMailboxSetup": true,
	}
	emails := []any{object{"address": u.Email, "primary": true}, object{"address": world.TestAddress(u.Email)}}
	for _, a := range u.Aliases {
		emails = append(emails, object{"address": a})
	}
	for _, a := range u.Contacts {
		emails = append(emails, object{"address": a.Address, "type": a.Type})
	}
	o["emails"] = emails
	s.with(o, "aliases", u.Aliases)
	if u.Suspended {
		o["suspensionReason"] = "ADMIN"
		s.with(o, "suspensionReason", u.Reason)
	}
	if u.Title+u.Department+u.Kind+u.Location != "" {
		org := object{"primary": true, "customType": "", "type": "work"}
		s.with(org, "title", u.Title)
		s.with(org, "department", u.Department)
		s.with(org, "description", u.Kind)
		s.with(org, "location", u.Location)
		o["organizations"] = []any{org}
	}
	if u.Manager != "" {
		o["relations"] = []any{object{"type": "manager", "value": u.Manager}}
	}
	if u.Number != "" {
		o["externalIds"] = []any{object{"type": "organization", "value": u.Number}}
	}
	return stamped(o)
}

func (s *Server) listUsers(c *call) reply {
	q := c.URL.Query()
	if refused := s.ofCustomer(c); refused != nil {
		return *refused
	}
	if q.Get("showDeleted") == "true" {
		return s.listDeleted(c)
	}
	fits, unknown := s.userQuery(q.Get("query"))
	if unknown != "" {
		return s.refuse(c.Request, "query "+unknown)
	}
	var found []*world.LiveUser
	now := s.now()
	for _, u := range c.dir.People {
		shown := u.User
		there := u.Deleted.IsZero()
		if q.Get("query") != "" {
			shown, there = u.Indexed(now)
		}
		if there && fits(shown) {
			found = append(found, u)
		}
	}
	some, next, good := page(q, "maxResults", found, func(u *world.LiveUser) int64 { return u.Seq }, 100, 500)
	if !good {
		return badPage()
	}
	var items []any
	for _, u := range some {
		shown := u.User
		if q.Get("query") != "" {
			shown, _ = u.Indexed(now)
		}
		items = append(items, s.userObject(c, shown))
	}
	o := object{"kind": "admin#directory#users"}
	s.with(o, "users", items)
	s.with(o, "nextPageToken", next)
	return ok(stamped(o))
}

// restorable is for how long a deleted account can be restored, and is shown to those who ask for deleted ones.
const restorable = 20 * 24 * time.Hour

// listDeleted lists accounts that were deleted lately: they are shown with when that was.
func (s *Server) listDeleted(c *call) reply {
	q := c.URL.Query()
	if q.Get("query") != "" {
		return s.refuse(c.Request, "a query for deleted accounts")
	}
	var found []*world.LiveUser
	for _, u := range c.dir.People {
		if !u.Deleted.IsZero() && s.now().Before(u.Deleted.Add(restorable)) {
			found = append(found, u)
		}
	}
	some, next, good := page(q, "maxResults", found, func(u *world.LiveUser) int64 { return u.Seq }, 100, 500)
	if !good {
		return badPage()
	}
	var items []any
	for _, u := range some {
		o := s.userObject(c, u.User)
		o["deletionTime"] = stamp(u.Deleted)
		items = append(items, o)
	}
	o := object{"kind": "admin#directory#users"}
	s.with(o, "users", items)
	s.with(o, "nextPageToken", next)
	return ok(stamped(o))
}

// ofCustomer refuses a listing that doesn't say of whom: Google demands it.
func (s *Server) ofCustomer(c *call) *reply {
	q := c.URL.Query()
	customer, domain := q.Get("customer"), q.Get("domain")
	var r reply
	switch {
	case customer == "my_customer" || customer == s.cfg.CustomerID || domain != "" && slices.Contains(c.dir.Domains, domain):
		return nil
	case customer == "" && domain == "":
		r = failure(http.StatusBadRequest, "badRequest", "Bad Request")
	case domain != "":
		r = failure(http.StatusNotFound, "notFound", "Domain not found.")
	default:
		r = failure(http.StatusBadRequest, "invalid", "Invalid Input: customer")
	}
	return &r
}

// userQuery compiles the clauses of a search of accounts; unknown is the first that isn't modelled.
func (s *Server) userQuery(query string) (fits func(world.User) bool, unknown string) {
	clauses, err := clausesOf(query)
	if err != nil {
		return nil, err.Error()
	}
	for _, cl := range clauses {
		if known := []string{"email=", "isSuspended=", "isArchived=", "externalId="}; !slices.Contains(known, cl.field+cl.operator) {
			return nil, cl.field + cl.operator
		}
	}
	return func(u world.User) bool {
		for _, cl := range clauses {
			value := s.understood(cl.value)
			held := map[string]bool{
				"email": u.Has(value), "isSuspended": fmt.Sprint(u.Suspended) == value, "isArchived": fmt.Sprint(u.Archived) == value,
				"externalId": u.Number != "" && u.Number == value,
			}
			if !held[cl.field] {
				return false
			}
		}
		return true
	}, ""
}

func (s *Server) signOut(c *call) reply {
	u, refused := s.user(c, c.PathValue("user"))
	if refused != nil {
		return *refused
	}
	c.dir.SignOut(u)
	return reply{status: http.StatusNoContent}
}

func (s *Server) listTokens(c *call) reply {
	u, refused := s.user(c, c.PathValue("user"))
	if refused != nil {
		return *refused
	}
	var items []any
	for _, t := range u.Tokens {
		o := object{"kind": "admin#directory#token", "clientId": t.ClientID, "displayText": t.Name, "userKey": u.ID, "anonymous": false, "nativeApp": false}
		s.with(o, "scopes", t.Scopes)
		items = append(items, stamped(o))
	}
	o := object{"kind": "admin#directory#tokenList"}
	s.with(o, "items", items)
	return ok(stamped(o))
}

func (s *Server) deleteToken(c *call) reply {
	u, refused := s.user(c, c.PathValue("user"))
	if refused != nil {
		return *refused
	}
	before := len(u.Tokens)
	u.Tokens = slices.DeleteFunc(u.Tokens, func(t world.Token) bool { return t.ClientID == c.PathValue("client") })
	if len(u.Tokens) == before {
		return notFound("clientId")
	}
	return reply{status: http.StatusNoContent}
}
