package slack

func viewMethods() map[string]method {
	return map[string]method{
		"views.open":    {run: (*Server).viewsOpen, tier: 100},
		"views.push":    {run: (*Server).viewsPush, tier: 100},
		"views.update":  {run: (*Server).viewsUpdate, tier: 100},
		"views.publish": {run: (*Server).viewsPublish, tier: 100},
	}
}

// spec reads and checks the view argument. Own is the view it will replace.
func (s *Server) spec(c *call, kind string, own *View) (object, error) {
	v, ok := c.json("view")
	spec, isObject := v.(object)
	if !ok || !isObject {
		return nil, missing("view")
	}
	return s.checkSpec(c.method, spec, kind, own)
}

func (s *Server) checkSpec(by string, spec object, kind string, own *View) (object, error) {
	for k, v := range spec {
		if v == nil {
			delete(spec, k) // null means default
		}
	}
	if err := s.checkView(by, spec); err != nil {
		return nil, err
	}
	if str(spec, "type") != kind {
		return nil, badArguments("must be one of the following: " + kind + " [json-pointer:/view/type]")
	}
	if other := s.world.viewByExternalID(str(spec, "external_id")); other != nil && other != own {
		return nil, fail("duplicate_external_id")
	}
	s.world.complete(objects(spec["blocks"]))
	for _, key := range []string{"title", "submit", "close"} {
		completeText(spec[key])
	}
	return spec, nil
}

func (s *Server) viewAnswer(v *View) object {
	s.changed()
	return object{"view": s.world.viewWire(v, values{}.wire(s.cfg.EmptyStateAsList))}
}

// exchange checks the trigger argument; both spellings are in use.
func (s *Server) exchange(c *call) (*trigger, error) {
	id := c.str("trigger_id")
	if id == "" {
		id = c.str("interactivity_pointer")
	}
	if id == "" {
		return nil, missing("trigger_id")
	}
	return s.lookTrigger(id)
}

func (s *Server) viewsOpen(c *call) (object, error) {
	t, err := s.exchange(c)
	if err != nil {
		return nil, err
	}
	spec, err := s.spec(c, "modal", nil)
	if err != nil {
		return nil, err
	}
	t.used = true
	return s.viewAnswer(s.world.openView(t.user, spec)), nil
}

// viewsPush wants a trigger from inside a modal that is still open.
func (s *Server) viewsPush(c *call) (object, error) {
	t, err := s.exchange(c)
	if err != nil {
		return nil, err
	}
	spec, err := s.spec(c, "modal", nil)
	if err != nil {
		return nil, err
	}
	switch depth := len(s.world.stacks[t.user]); {
	case t.view == "":
		return nil, fail("invalid_trigger_id")
	case depth == 0:
		return nil, fail("not_found")
	case depth >= maxStack:
		return nil, fail("push_limit_reached")
	}
	t.used = true
	return s.viewAnswer(s.world.pushView(t.user, spec)), nil
}

func (s *Server) viewsUpdate(c *call) (object, error) {
	var v *View
	switch {
	case c.str("view_id") != "":
		v = s.world.view(c.str("view_id"))
	case c.str("external_id") != "":
		v = s.world.viewByExternalID(c.str("external_id"))
	default:
		return nil, missing("view_id")
	}
	if v == nil {
		return nil, fail("not_found")
	}
	spec, err := s.spec(c, v.Type, v)
	if err != nil {
		return nil, err
	}
	if c.has("hash") && c.str("hash") != v.Hash {
		return nil, fail("hash_conflict")
	}
	s.world.setView(v, spec)
	return s.viewAnswer(v), nil
}

func (s *Server) viewsPublish(c *call) (object, error) {
	u := s.world.user(c.str("user_id"))
	switch {
	case !c.has("user_id"):
		return nil, missing("user_id")
	case u == nil || u.IsBot:
		return nil, badArguments("invalid `user_id` [json-pointer:/user_id]")
	case s.cfg.HomeTabOff:
		return nil, fail("not_enabled")
	}
	home := s.world.homes[u.ID]
	spec, err := s.spec(c, "home", home)
	if err != nil {
		return nil, err
	}
	if c.has("hash") && (home == nil || c.str("hash") != home.Hash) {
		return nil, fail("hash_conflict")
	}
	return s.viewAnswer(s.world.publishHome(u.ID, spec)), nil
}
