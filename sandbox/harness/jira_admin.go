package harness

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"latchkey/sandbox/jira"
)

// jiraAdmins are the words of administrators: who comes and what they have.
func jiraAdmins(word string) bool {
	return slices.Contains([]string{"account", "token", "field", "status", "initial", "way", "permission", "rule", "attachments"}, word)
}

// jiraAdmin changes the site as its administrators do:
//
//	jira account boss name='Bo Boss'                 adds a person or changes one: email= hide=yes type=app agent=yes customer=no active=no managed=no zone= admin=yes token=
//	jira token another                               the bot's token is replaced; the old one ends
//	jira field 'Cost centre' required=yes form=no    adds a field of text or changes one: kind=select|multiselect options=Figma|Miro
//	jira status Closed name=Archived                 or portal='All done', what customers read
//	jira attachments off                             the site takes no files; on 1000: up to so many bytes
//	jira permission BROWSE_PROJECTS no               takes a permission from the bot, or gives it back
//	jira rule 'Respond to customer' as=robot         takes the transition after each public comment of others
//
// and, before the first issue:
//
//	jira status 'New request' category=new           one more status
//	jira initial 'New request'
//	jira way 'Mark as provisioned' from='In progress|Needs attention' to=Granted screen='Cost centre!'
func (h *Harness) jiraAdmin(what, name string, words []string) (string, error) {
	given := options(words)
	switch what {
	case "account":
		return h.jiraAccount(name, given)
	case "permission":
		return "the bot's permissions are changed", h.jiraPermission(name, words)
	case "rule":
		return "there is a rule", h.jiraRule(name, given)
	case "attachments":
		return h.jiraAttachments(name, words)
	case "token":
		h.World.Jira.RotateToken(name)
		return "the bot has another token", nil
	case "field":
		return h.jiraField(name, given)
	case "status":
		return h.jiraStatus(name, given)
	case "way":
		return h.jiraWay(name, given)
	case "initial":
		f := h.World.Jira.Workflow()
		f.Initial = name
		return "issues begin as " + name, h.World.Jira.SetWorkflow(f)
	}
	return "", fmt.Errorf("jira: no administrator can %q", what)
}

func (h *Harness) jiraPermission(name string, words []string) error {
	if len(words) != 1 || words[0] != "yes" && words[0] != "no" {
		return errors.New("jira permission: yes or no?")
	}
	h.World.Jira.Permit(name, words[0] == "yes")
	return nil
}

// jiraAttachments says whether the site takes files, and of how many bytes at most.
func (h *Harness) jiraAttachments(on string, words []string) (string, error) {
	limit := int64(0)
	if len(words) == 1 {
		n, err := strconv.ParseInt(words[0], 10, 64)
		if err != nil {
			return "", fmt.Errorf("jira attachments: of how many bytes? %w", err)
		}
		limit = n
	}
	if on != "on" && on != "off" || len(words) > 1 {
		return "", errors.New("jira attachments: on or off, and of how many bytes at most?")
	}
	h.World.Jira.SetAttachments(on == "on", limit)
	return "attachments are " + on, nil
}

func (h *Harness) jiraRule(transition string, given map[string]string) error {
	if err := onlyKnown(given, "as"); err != nil {
		return fmt.Errorf("jira rule: %w", err)
	}
	id, err := h.account(given["as"])
	if err != nil {
		return err
	}
	return h.World.Jira.AddRule(jira.Rule{Transition: transition, Account: id})
}

func (h *Harness) jiraAccount(handle string, given map[string]string) (string, error) {
	if err := onlyKnown(given, "name", "email", "hide", "type", "agent", "customer", "active", "managed", "zone", "admin", "token"); err != nil {
		return "", fmt.Errorf("jira account: %w", err)
	}
	a := jira.Account{Email: address(handle), Nickname: handle, Active: true, Customer: true}
	for _, old := range h.World.Jira.Accounts() {
		if old.Nickname == handle || old.Nickname == "" && strings.EqualFold(old.Email, a.Email) {
			a = old
		}
	}
	for k, field := range map[string]*string{"name": &a.DisplayName, "email": &a.Email, "type": &a.AccountType, "zone": &a.TimeZone, "token": &a.Token} {
		*field = cmp.Or(given[k], *field)
	}
	for k, field := range map[string]*bool{"hide": &a.HideEmail, "agent": &a.Agent, "customer": &a.Customer, "active": &a.Active, "managed": &a.Managed, "admin": &a.Admin} {
		if v, ok := given[k]; ok {
			*field = v == "yes"
		}
	}
	return h.World.Jira.AddAccount(a).DisplayName + " has an account in Jira", nil
}

const customTypes = "com.atlassian.jira.plugin.system.customfieldtypes:"

func (h *Harness) jiraField(name string, given map[string]string) (string, error) {
	if err := onlyKnown(given, "kind", "options", "required", "form"); err != nil {
		return "", fmt.Errorf("jira field: %w", err)
	}
	f := jira.Field{ID: "customfield_10300", Name: name, Type: "string", Custom: customTypes + "textfield", OnForm: true}
	for _, old := range h.World.Jira.Fields() {
		if strings.EqualFold(old.Name, name) {
			f = old
		} else if old.ID == f.ID {
			return "", errors.New("jira field: a story can add one field only")
		}
	}
	switch kind := given["kind"]; kind {
	case "":
	case "select":
		f.Type, f.Items, f.Custom = "option", "", customTypes+kind
	case "multiselect":
		f.Type, f.Items, f.Custom = "array", "option", customTypes+kind
	default:
		return "", fmt.Errorf("jira field: the kind %q is neither select nor multiselect", kind)
	}
	if v, ok := given["options"]; ok {
		f.Options = strings.Split(v, "|")
	}
	for k, field := range map[string]*bool{"required": &f.Required, "form": &f.OnForm} {
		if v, ok := given[k]; ok {
			*field = v == "yes"
		}
	}
	return "the site has the field " + name, h.World.Jira.SetField(f)
}

func (h *Harness) jiraStatus(name string, given map[string]string) (string, error) {
	if err := onlyKnown(given, "name", "portal", "category"); err != nil {
		return "", fmt.Errorf("jira status: %w", err)
	}
	if category, ok := given["category"]; ok {
		f := h.World.Jira.Workflow()
		f.Statuses = append(f.Statuses, jira.Status{ID: fmt.Sprint(10100 + len(f.Statuses)), Name: name, Category: category, Portal: given["portal"]})
		return "one more status", h.World.Jira.SetWorkflow(f)
	}
	return "changed the status " + name, h.World.Jira.EditStatus(name, func(s *jira.Status) {
		s.Name, s.Portal = cmp.Or(given["name"], s.Name), cmp.Or(given["portal"], s.Portal)
	})
}

// jiraWay adds a transition, or changes the one of that name. A field of its
// screen that ends with "!" is required.
func (h *Harness) jiraWay(name string, given map[string]string) (string, error) {
	if err := onlyKnown(given, "from", "to", "screen"); err != nil {
		return "", fmt.Errorf("jira way: %w", err)
	}
	f := h.World.Jira.Workflow()
	i := slices.IndexFunc(f.Transitions, func(t jira.Transition) bool { return t.Name == name })
	if i < 0 {
		i = len(f.Transitions)
		f.Transitions = append(f.Transitions, jira.Transition{ID: fmt.Sprint(200 + i), Name: name})
	}
	t := &f.Transitions[i]
	t.To = cmp.Or(given["to"], t.To)
	if v, ok := given["from"]; ok {
		t.From = strings.Split(v, "|")
	}
	if v, ok := given["screen"]; ok {
		id, err := h.fieldID(strings.TrimSuffix(v, "!"))
		if err != nil {
			return "", err
		}
		t.Screen = append(t.Screen, jira.ScreenField{ID: id, Required: strings.HasSuffix(v, "!")})
	}
	return name + " leads to " + t.To, h.World.Jira.SetWorkflow(f)
}
