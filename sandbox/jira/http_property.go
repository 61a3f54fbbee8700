package jira

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
)

func getPropertyKeys(c *call) (reply, error) {
	is, err := c.pathIssue()
	if err != nil {
		return reply{}, err
	}
	keys := []any{}
	for _, k := range slices.Sorted(maps.Keys(is.props)) {
		keys = append(keys, obj{"key": k, "self": c.api() + "/issue/" + strconv.Itoa(is.id) + "/properties/" + k})
	}
	return ok(obj{"keys": keys}), nil
}

func getProperty(c *call) (reply, error) {
	is, err := c.pathIssue()
	if err != nil {
		return reply{}, err
	}
	key := c.vars["propertyKey"]
	value, known := is.props[key]
	if !known {
		return reply{}, noProperty(key)
	}
	return ok(obj{"key": key, "value": value}), nil
}

// putProperty answers 201 for a new key and 200 for a replaced one, without a
// body.
func putProperty(c *call) (reply, error) {
	is, err := c.writeIssue()
	if err != nil {
		return reply{}, err
	}
	p := property{Key: c.vars["propertyKey"], Value: bytes.Clone(c.body)}
	if err := p.check(); err != nil {
		return reply{}, err
	}
	if c.w.setProperty(is, p) {
		return status(http.StatusCreated), nil
	}
	return status(http.StatusOK), nil
}

func deleteProperty(c *call) (reply, error) {
	is, err := c.writeIssue()
	if err != nil {
		return reply{}, err
	}
	return noContent(), c.w.deleteProperty(is, c.vars["propertyKey"])
}

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
	p := property{Key: c.vars["propertyKey"], Value: in.Value}
	if err := p.check(); err != nil {
		return reply{}, err
	}
	if in.Expression != "" || in.Filter == nil || len(in.Filter.EntityIDs) == 0 {
		return reply{}, refuse(http.StatusNotImplemented, "Bulk property writes are modelled for a filter with entityIds only.")
	}
	updated := 0
	for _, id := range in.Filter.EntityIDs {
		if is := c.w.issues[id]; is != nil && in.Filter.admits(is, p.Key) {
			c.w.setProperty(is, p)
			updated++
		}
	}
	return c.seeTask(updated), nil
}

func (f *propertyFilter) admits(is *issue, key string) bool {
	value, known := is.props[key]
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
	id := strconv.Itoa(next(&c.w.seq.task))
	at := c.w.now().UnixMilli()
	c.w.tasks[id] = obj{"self": c.api() + "/task/" + id, "id": id, "description": "Bulk property update", "status": "COMPLETE",
		"progress": 100, "elapsedRuntime": 1, "submitted": at, "started": at, "finished": at, "lastUpdate": at,
		"submittedBy": 10000, "result": obj{"updatedEntities": updated}}
	// The task is where the call came in, not where people browse.
	return reply{status: http.StatusSeeOther, header: http.Header{"Location": {"http://" + c.r.Host + "/rest/api/3/task/" + id}}}
}
