package scim

import (
	"net/http"
	"strings"

	"github.com/elimity-com/scim"
	"github.com/elimity-com/scim/errors"
)

// page is a part of what passes the filter that was asked for. The caller holds the lock.
func (s *Server) page(r *http.Request, all []scim.Resource, asked scim.ListRequestParams) (scim.Page, error) {
	found, err := s.filtered(r, all, asked)
	if err != nil {
		return scim.Page{}, err
	}
	from, to := min(asked.StartIndex-1, len(found)), min(asked.StartIndex-1+asked.Count, len(found))
	if s.cfg.IgnoreStart {
		from, to = 0, min(asked.Count, len(found))
	}
	if s.cfg.IgnoreCount {
		from, to = 0, len(found)
	}
	total := len(found)
	if group := groupAsked(r.URL.Query().Get("filter")); group != "" && !s.cfg.FilterAll {
		var said bool
		if total, said = s.Said(group, total); !said {
			return scim.Page{}, errors.ScimErrorInvalidFilter
		}
	}
	return scim.Page{TotalResults: total, Resources: append([]scim.Resource{}, found[from:to]...)}, nil
}

// groupAsked is the group that accounts are asked for by, in either form of a filter; "" for none.
func groupAsked(filter string) string {
	for _, form := range []string{"groups.value eq ", "groups[value eq "} {
		if rest, of := strings.CutPrefix(filter, form); of {
			return strings.Trim(rest, `"]`)
		}
	}
	return ""
}

// filtered are the resources that pass the filter, as the library judges; it looks at an address only by a filter
// in brackets, and finds nobody by the plain form.
func (s *Server) filtered(r *http.Request, all []scim.Resource, asked scim.ListRequestParams) (found []scim.Resource, err error) {
	given := r.URL.Query().Get("filter")
	switch {
	case asked.FilterValidator == nil, s.cfg.FilterAll:
		return all, nil
	case s.cfg.FilterNone:
		return nil, nil
	case s.cfg.NoFilter:
		return nil, errors.ScimErrorInvalidFilter
	}
	for _, one := range all {
		full := map[string]any{"id": one.ID}
		for k, v := range one.Attributes {
			full[k] = v
		}
		if s.passes(given, full, asked) {
			found = append(found, one)
		}
	}
	return found, nil
}

func (s *Server) passes(given string, resource map[string]any, asked scim.ListRequestParams) bool {
	if value, plain := strings.CutPrefix(given, "emails.value eq "); plain && s.cfg.AddressPlain {
		mails, _ := resource["emails"].([]any)
		for _, m := range mails {
			if m, ok := m.(map[string]any); ok && strings.EqualFold(`"`+m["value"].(string)+`"`, value) {
				return true
			}
		}
		return false
	}
	if strings.HasPrefix(given, "emails[") && s.cfg.AddressPlain {
		return false
	}
	if value, name := strings.CutPrefix(given, "userName eq "); name && s.cfg.CaseExact {
		return `"`+resource["userName"].(string)+`"` == value
	}
	return asked.FilterValidator.PassesFilter(resource) == nil
}
