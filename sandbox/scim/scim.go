// Package scim is an emulated SCIM 2.0 service provider (RFC 7643, RFC 7644) for tests: accounts and groups in
// memory, behind a server library that the client under test knows nothing of (elimity-com/scim). What real servers
// do differently is a setting or a fault here. What it doesn't model it refuses with 501.
//
// It is for tests alone: nothing of it is linked into the program.
package scim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/elimity-com/scim"
	"github.com/elimity-com/scim/optional"
	"github.com/elimity-com/scim/schema"

	"latchkey/sandbox/fault"
)

// DemoToken is the bearer token that is taken if the configuration names none.
const DemoToken = "scim-demo-token"

// Config says what sort of server it is. The zero value keeps to the RFCs.
type Config struct {
	Token          string // a bearer token; DemoToken if empty
	User, Password string // taken besides (HTTP Basic), if User is not empty
	MaxResults     int    // the most that a page holds; 100 if zero

	NoPatch      bool // PATCH is refused, and said not to be there
	NoFilter     bool // filters are said not to be there
	NoConfig     bool // there is no ServiceProviderConfig
	IgnoreCount  bool // every list comes whole, whatever page was asked for
	IgnoreStart  bool // every page is the first
	CaseExact    bool // sign-in names are compared letter by letter
	FilterAll    bool // a filter answers everybody
	FilterNone   bool // a filter answers nobody
	AddressPlain bool // addresses are found by emails.value, and not by emails[value eq …]
	OmitMembers  bool // members come only where they are asked for by name
	HideMembers  bool // members are never shown
	NeedsArray   bool // a member is removed by a value beside the path, and not by a filter in it
	Dangle       bool // an account that is deleted stays in its groups
	DropUnknown  bool // a member that isn't there is dropped without a word
	NoVersions   bool // resources have no version
	NoContent    bool // a change is answered without a body (204)
}

// User is an account.
type User struct {
	ID, UserName, Email, Alias, Name, Title, Department, Number, Type, City string

	Manager string // id
	Active  bool
	State   string // in an attribute of the server's own, such as "suspended"
	Created time.Time
}

// Group is a group of accounts.
type Group struct {
	ID, Name string
	Source   string   // by what it is filled, in an attribute of the server's own; "" by hand
	Members  []string // ids of accounts
	Nested   []string // ids of groups in it
	sticky   bool
	version  int
}

// The schemas of the server's own, in which it says what the standard has no words for.
const (
	UserExtension  = "urn:example:params:scim:schemas:extension:sandbox:2.0:User"
	GroupExtension = "urn:example:params:scim:schemas:extension:sandbox:2.0:Group"
)

// Server is the service provider. It is safe for concurrent use.
type Server struct {
	cfg Config

	fault.Lists  // how the lists of members in groups go wrong
	fault.Counts // how accounts are miscounted that are asked for by their group

	mu     sync.Mutex
	made   int
	users  []*User
	groups []*Group
	faults []*Fault
	calls  []string
	stale  map[string]*staleGroup
	meddle map[string]int // how many writes of a group somebody else is to come before
	onList func(path string)
}

// New makes an empty server.
func New(cfg Config) *Server {
	if cfg.Token == "" {
		cfg.Token = DemoToken
	}
	return &Server{cfg: cfg, stale: map[string]*staleGroup{}, meddle: map[string]int{}}
}

// Handler serves it under /scim/v2.
func (s *Server) Handler() http.Handler {
	userExtra := scim.SchemaExtension{Schema: extension(UserExtension, "State", "state")}
	groupExtra := scim.SchemaExtension{Schema: extension(GroupExtension, "Source", "source")}
	inner, err := scim.NewServer(&scim.ServerArgs{
		ServiceProviderConfig: &scim.ServiceProviderConfig{MaxResults: s.pageSize(), SupportFiltering: !s.cfg.NoFilter, SupportPatch: !s.cfg.NoPatch},
		ResourceTypes: []scim.ResourceType{
			{ID: optional.NewString("User"), Name: "User", Endpoint: "/Users", Schema: schema.CoreUserSchema(), Handler: people{s},
				SchemaExtensions: []scim.SchemaExtension{{Schema: schema.ExtensionEnterpriseUser()}, userExtra}},
			{ID: optional.NewString("Group"), Name: "Group", Endpoint: "/Groups", Schema: schema.CoreGroupSchema(), Handler: groups{s},
				SchemaExtensions: []scim.SchemaExtension{groupExtra}},
		},
	})
	if err != nil {
		panic(fmt.Sprintf("the server can't be made: %v", err)) // the arguments above are all there is to it
	}
	return s.Wrap(s.faulty(http.StripPrefix("/scim", inner)), members())
}

func extension(id, name, attribute string) schema.Schema {
	return schema.Schema{ID: id, Name: optional.NewString(name), Attributes: []schema.CoreAttribute{
		schema.SimpleCoreAttribute(schema.SimpleStringParams(schema.StringParams{Name: attribute})),
	}}
}

func (s *Server) pageSize() int {
	if s.cfg.MaxResults > 0 {
		return s.cfg.MaxResults
	}
	return 100
}

func (s *Server) newID(kind string) string {
	s.made++
	return fmt.Sprintf("%s-%06d", kind, s.made)
}

// AddUser makes an account that can be used, and returns its id.
func (s *Server) AddUser(u User) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	u.ID, u.Active = s.newID("u"), true
	if u.UserName == "" {
		u.UserName = u.Email
	}
	if u.Created.IsZero() {
		u.Created = time.Now()
	}
	s.users = append(s.users, &u)
	return u.ID
}

// UserByAddress is the id of the first account of an address; "" if there is none.
func (s *Server) UserByAddress(address string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range s.users {
		if u.Email == address {
			return u.ID
		}
	}
	return ""
}

// EditUser changes an account.
func (s *Server) EditUser(id string, edit func(*User)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.user(id); u != nil {
		edit(u)
	}
}

// DeleteUser deletes an account, and its memberships with it unless they dangle.
func (s *Server) DeleteUser(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users = slices.DeleteFunc(s.users, func(u *User) bool { return u.ID == id })
	for _, g := range s.groups {
		if !s.cfg.Dangle {
			g.set(id, false)
		}
	}
}

// AddGroup makes a group and returns its id.
func (s *Server) AddGroup(g Group) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	g.ID = s.newID("g")
	s.groups = append(s.groups, &g)
	return g.ID
}

// EditGroup changes a group.
func (s *Server) EditGroup(id string, edit func(*Group)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.group(id); g != nil {
		edit(g)
	}
}

// SetFilterAll has a filter answer everybody, or not any more.
func (s *Server) SetFilterAll(all bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.FilterAll = all
}

// SetMember puts an account into a group or takes it out, as an administrator does by hand.
func (s *Server) SetMember(group, account string, member bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.group(group); g != nil {
		g.set(account, member)
	}
}

// SetSticky has a group take back whom the API removes.
func (s *Server) SetSticky(group string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.group(group); g != nil {
		g.sticky = true
	}
}

// Members are the accounts in a group.
func (s *Server) Members(group string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.group(group); g != nil {
		return slices.Clone(g.Members)
	}
	return nil
}

func (s *Server) user(id string) *User {
	for _, u := range s.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

func (s *Server) group(id string) *Group {
	for _, g := range s.groups {
		if g.ID == id {
			return g
		}
	}
	return nil
}

// set changes a membership, and the group's version with it.
func (g *Group) set(account string, member bool) {
	switch in := slices.Contains(g.Members, account); {
	case member && !in:
		g.Members = append(slices.Clone(g.Members), account)
	case !member && in:
		g.Members = slices.DeleteFunc(slices.Clone(g.Members), func(m string) bool { return m == account })
	default:
		return
	}
	g.version++
}

// userByName finds the account of a sign-in name.
func (s *Server) userByName(name string) *User {
	for _, u := range s.users {
		if strings.EqualFold(u.UserName, name) {
			return u
		}
	}
	return nil
}
