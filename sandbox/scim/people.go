package scim

import (
	"net/http"
	"slices"
	"strings"

	"github.com/elimity-com/scim"
	"github.com/elimity-com/scim/errors"
	"github.com/elimity-com/scim/schema"
)

// people serves accounts, which are read and not written here.
type people struct{ s *Server }

// Create implements scim.ResourceHandler.
func (p people) Create(_ *http.Request, given scim.ResourceAttributes) (scim.Resource, error) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if name, _ := given["userName"].(string); p.s.userByName(name) != nil {
		return scim.Resource{}, errors.ScimErrorUniqueness
	}
	return scim.Resource{}, notModelled()
}

// Replace implements scim.ResourceHandler.
func (people) Replace(*http.Request, string, scim.ResourceAttributes) (scim.Resource, error) {
	return scim.Resource{}, notModelled()
}

// Delete implements scim.ResourceHandler.
func (people) Delete(*http.Request, string) error { return notModelled() }

// Patch implements scim.ResourceHandler.
func (people) Patch(*http.Request, string, []scim.PatchOperation) (scim.Resource, error) {
	return scim.Resource{}, notModelled()
}

func notModelled() error {
	return errors.ScimError{Status: http.StatusNotImplemented, Detail: "this is not modelled"}
}

// Get implements scim.ResourceHandler.
func (p people) Get(_ *http.Request, id string) (scim.Resource, error) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	u := p.s.user(id)
	if u == nil {
		return scim.Resource{}, errors.ScimErrorResourceNotFound(id)
	}
	return p.s.shownUser(u), nil
}

// GetAll implements scim.ResourceHandler.
func (p people) GetAll(r *http.Request, asked scim.ListRequestParams) (scim.Page, error) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	var all []scim.Resource
	for _, u := range p.s.users {
		all = append(all, p.s.shownUser(u))
	}
	return p.s.page(r, all, asked)
}

// shownUser is an account as the API shows it. The caller holds the lock.
func (s *Server) shownUser(u *User) scim.Resource {
	given, family, _ := strings.Cut(u.Name, " ")
	attributes := scim.ResourceAttributes{"userName": u.UserName, "active": u.Active, "schemas": []any{schema.UserSchema}}
	set := func(into map[string]any, key, value string) {
		if value != "" {
			into[key] = value
		}
	}
	set(attributes, "displayName", u.Name)
	set(attributes, "title", u.Title)
	set(attributes, "userType", u.Type)
	if u.Name != "" {
		attributes["name"] = map[string]any{"givenName": given, "familyName": family}
	}
	var mails []any
	if u.Alias != "" {
		mails = append(mails, map[string]any{"value": u.Alias, "type": "other"})
	}
	if u.Email != "" {
		mails = append(mails, map[string]any{"value": u.Email, "type": "work", "primary": true})
	}
	if mails != nil {
		attributes["emails"] = mails
	}
	if u.City != "" {
		attributes["addresses"] = []any{map[string]any{"type": "work", "locality": u.City}}
	}
	enterprise := map[string]any{}
	set(enterprise, "department", u.Department)
	set(enterprise, "employeeNumber", u.Number)
	if u.Manager != "" {
		enterprise["manager"] = map[string]any{"value": u.Manager, "$ref": "Users/" + u.Manager}
	}
	if len(enterprise) > 0 {
		attributes["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"] = enterprise
	}
	if u.State != "" {
		attributes[UserExtension] = map[string]any{"state": u.State}
	}
	if groups := s.groupsOf(u.ID); groups != nil {
		attributes["groups"] = groups
	}
	created := u.Created
	return scim.Resource{ID: u.ID, Attributes: attributes, Meta: scim.Meta{Created: &created}}
}

// groupsOf are the groups that an account is in.
func (s *Server) groupsOf(account string) (all []any) {
	for _, g := range s.groups {
		if slices.Contains(g.Members, account) {
			all = append(all, map[string]any{"value": g.ID, "display": g.Name})
		}
	}
	return all
}
