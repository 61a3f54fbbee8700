package jira

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"

	"latchkey/sandbox/jira/world"
)

type propertyFilter struct {
	EntityIDs    []int           `json:"entityIds"`
	CurrentValue json.RawMessage `json:"currentValue"`
	HasProperty  *bool           `json:"hasProperty"`
}

// bulkPutProperty is the only conditional write there is. It answers 303 to a
// task, which here is always complete.
func bulkPutProperty(c *call) (reply, error) {
	var in struct {
		Filter     *propertyFilter `json:"filter"`
		Value      json.RawMessage `json:"value"`
		Expression string          `json:"expression"`
	}
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	p := world.Property{Key: c.vars["propertyKey"], Value: in.Value}
	if err := p.Check(); err != nil {
		return reply{}, err
	}
	if in.Expression != "" || in.Filter == nil || len(in.Filter.EntityIDs) == 0 {
		return reply{}, refuse(http.StatusNotImplemented, "Bulk property writes are modelled for a filter with entityIds only.")
	}
	updated := 0
	for _, id := range in.Filter.EntityIDs {
		if is := c.site.Issues[id]; is != nil && in.Filter.admits(is, p.Key) {
			c.site.SetProperty(is, p)
			updated++
		}
	}
	return c.seeTask(updated), nil
}

func (f *propertyFilter) admits(is *world.LiveIssue, key string) bool {
	value, known := is.Properties[key]
	if f.HasProperty != nil && *f.HasProperty != known {
		return false
	}
	if len(f.CurrentValue) == 0 {
		return true
	}
	var a, b any
	return known && json.Unmarshal(value, &a) == nil && json.Unmarshal(f.CurrentValue, &b) == nil && reflect.DeepEqual(a, b)
}

func (c *call) seeTask(updated int) reply {
	id := c.s.nextTask()
	at := c.site.Now().UnixMilli()
	c.s.tasks[id] = obj{"self": c.api() + "/task/" + id, "id": id, "description": "Bulk property update", "status": "COMPLETE",
		"progress": 100, "elapsedRuntime": 1, "submitted": at, "started": at, "finished": at, "lastUpdate": at,
		"submittedBy": 10000, "result": obj{"updatedEntities": updated}}
	// The task is where the call came in, not where people browse.
	return reply{status: http.StatusSeeOther, header: http.Header{"Location": {"http://" + c.r.Host + "/rest/api/3/task/" + id}}}
}

// nextTask is the id of the next bulk operation.
func (s *Server) nextTask() string { return strconv.Itoa(70001 + len(s.tasks)) }
