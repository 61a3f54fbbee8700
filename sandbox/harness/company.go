package harness

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"latchkey/sandbox"
	"latchkey/sandbox/okta"
	"latchkey/sandbox/slack"
)

// company does something to everybody, or has everybody do something:
//
//	company grows 31                   so many more people: crew1, crew2, …
//	company types '/access mine'       each of the staff does
//	company moves slack acme.com       all addresses there go to another domain
//	company moves okta acme.com
//	company renumbers 10               every number in the HR file has "10" before it
func (h *Harness) company(ctx context.Context, args []string) (string, error) {
	if len(args) < 2 {
		return "", errors.New("company: does what?")
	}
	switch {
	case args[0] == "grows":
		return h.grow(args[1])
	case args[0] == "types":
		return h.everybodyTypes(ctx, args[1])
	case args[0] == "moves" && len(args) == 3 && args[1] == "slack":
		return h.moveSlack(args[2])
	case args[0] == "moves" && len(args) == 3 && args[1] == "okta":
		return h.editEverybody(func(u *okta.User) {
			u.Login, u.Email = sandbox.MovedTo(u.Login, args[2]), sandbox.MovedTo(u.Email, args[2])
		})
	case args[0] == "renumbers":
		return h.editEverybody(func(u *okta.User) { u.EmployeeNumber = args[1] + u.EmployeeNumber })
	}
	return "", fmt.Errorf("company: %q is not understood", strings.Join(args, " "))
}

func (h *Harness) grow(by string) (string, error) {
	n, err := strconv.Atoi(by)
	for i := range n {
		handle := fmt.Sprintf("crew%d", i+1)
		name := "Crew " + strconv.Itoa(i+1)
		h.World.Slack.AddUser(slack.User{Name: handle, RealName: name, Email: sandbox.Email(handle)})
		h.World.Okta.AddUser(okta.User{Login: sandbox.Email(handle), Email: sandbox.Email(handle), First: "Crew", Last: strconv.Itoa(i + 1), Status: "ACTIVE", UserType: "Employee", EmployeeNumber: strconv.Itoa(100 + i)})
	}
	return by + " people more", err
}

// staff are the members who are neither bots nor from elsewhere.
func (h *Harness) staff() []slack.User {
	var out []slack.User
	for _, u := range h.World.Slack.Users() {
		if !u.IsBot && !u.IsRestricted && !u.IsStranger && !u.Deleted && u.Email != "" {
			out = append(out, u)
		}
	}
	return out
}

func (h *Harness) everybodyTypes(ctx context.Context, what string) (string, error) {
	all := h.staff()
	for _, u := range all {
		if _, err := h.command(ctx, u, what); err != nil {
			return "", fmt.Errorf("%s: %w", u.Name, err)
		}
	}
	return fmt.Sprintf("%d people typed it", len(all)), nil
}

func (h *Harness) moveSlack(domain string) (string, error) {
	all := h.staff()
	for _, u := range all {
		u.Email = sandbox.MovedTo(u.Email, domain)
		h.World.Slack.AddUser(u)
	}
	return fmt.Sprintf("%d addresses went to %s", len(all), domain), nil
}

func (h *Harness) editEverybody(edit func(*okta.User)) (string, error) {
	all := h.World.Okta.Users()
	for _, u := range all {
		if err := h.World.Okta.EditUser(u.Login, edit); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%d accounts changed", len(all)), nil
}
