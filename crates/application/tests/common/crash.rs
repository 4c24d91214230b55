//! A process that dies early.

use idbridge_application::desired;
use idbridge_planner::{Discovery, LastSent, Run, State, plan};
use idbridge_scim::{Profile, Resource};

use crate::common::World;

impl World {
    /// Syncs with a process that dies after this many requests, those of the look included, before the answer to the last one is heard. What is
    /// left is what was stored. Says whether the sync got to its end before.
    pub(crate) fn sync_requests(&mut self, requests: usize) -> bool {
        let desired = desired(&self.snapshot(), &self.rules, &Profile::aws_iam_identity_center());
        let mut last_sent = LastSent::default();
        for key in LastSent::needed(&desired, &self.state) {
            if let Some(json) = self.store.get(&State::last_sent_record(&key)) {
                last_sent.insert(key, Resource::from_json(json).unwrap());
            }
        }
        let (mut calls, policy) = (Vec::new(), self.policy.clone());
        let mut discovery = Discovery::new(&desired, self.state.clone(), last_sent, &policy, 1);
        self.drive(&mut discovery, &mut calls, requests);
        if calls.len() < requests {
            let found = discovery.finish();
            let plan = plan(&desired, &found.observed, &found.state, &found.last_sent, &policy, self.now);
            let mut run = Run::new(&plan, found.state, &policy, 2);
            let left = requests - calls.len();
            self.drive(&mut run, &mut calls, left);
        }
        self.state = State::restore(self.store.clone()).unwrap();
        calls.len() < requests
    }
}
