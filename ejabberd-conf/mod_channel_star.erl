%% The star: what a client of ejabberd may send. Stanzas reach the server, the
%% channel service and the sender's own account, never another account and no
%% other domain. It judges as the gateway's own ClientFilter does, so that a
%% client that speaks to ejabberd without the gateway gains nothing.
%%
%%   presence  to the channel service, or without an address
%%   iq        to the channel service; to the server and to oneself only what is
%%             listed below; the roster is empty and stays so
%%   message   none
%%
%% Accounts that begin with "adm-" may send IQs to the server, whatever these ask:
%% ejabberd's own access rules judge them.
%%
%% The hook sees each stanza of each session, over TCP and over BOSH, after
%% ejabberd has set its address of origin, and before anything else acts on it.
%%
%% It tells the channel service who comes and goes, bounds what waits for a client that does not read
%% or fetch, ends a node that was lost to the other ones, and keeps its routes when another one removes them.
-module(mod_channel_star).
-behaviour(gen_mod).

-export([start/2, stop/1, reload/3, depends/2, mod_opt_type/1, mod_options/1, mod_doc/0]).
-export([user_send_packet/1, opened/3, closed/3, bound/1, sending/1, sent/3, watch/1]).

-define(ROSTER, <<"jabber:iq:roster">>).
-define(SEND_TIMEOUT, 15000). % milliseconds
-define(UNTIL_LOOK, channel_star_until_look). % in a session's state: bytes to send before the next look
-define(LOOKS, 4). % for each max_waiting_bytes sent
-define(WATCH, mod_channel_star_watch).
-define(STOOD_STILL, 5). % seconds
-define(RECENTLY, 120).

start(Host, _Opts) ->
    stop_watching(Host),
    spawn(?MODULE, watch, [watch_name(Host)]),
    ejabberd_hooks:add(user_send_packet, Host, ?MODULE, user_send_packet, 1),
    ejabberd_hooks:add(sm_register_connection_hook, Host, ?MODULE, opened, 90),
    ejabberd_hooks:add(sm_remove_connection_hook, Host, ?MODULE, closed, 90),
    ejabberd_hooks:add(c2s_session_opened, Host, ?MODULE, bound, 90),
    ejabberd_hooks:add(c2s_filter_send, Host, ?MODULE, sending, 90),
    ejabberd_hooks:add(c2s_handle_send, Host, ?MODULE, sent, 90).

stop(Host) ->
    stop_watching(Host),
    ejabberd_hooks:delete(user_send_packet, Host, ?MODULE, user_send_packet, 1),
    ejabberd_hooks:delete(sm_register_connection_hook, Host, ?MODULE, opened, 90),
    ejabberd_hooks:delete(sm_remove_connection_hook, Host, ?MODULE, closed, 90),
    ejabberd_hooks:delete(c2s_session_opened, Host, ?MODULE, bound, 90),
    ejabberd_hooks:delete(c2s_filter_send, Host, ?MODULE, sending, 90),
    ejabberd_hooks:delete(c2s_handle_send, Host, ?MODULE, sent, 90).

reload(_Host, _NewOpts, _OldOpts) ->
    ok.

depends(_Host, _Opts) ->
    [].

mod_opt_type(max_waiting_bytes) ->
    econf:pos_int().

mod_options(_Host) ->
    [{max_waiting_bytes, 4194304}].

mod_doc() ->
    #{desc => <<"Clients reach the server, the channel service and themselves, nobody else.">>,
      opts => [{max_waiting_bytes,
                #{value => <<"Bytes">>,
                  desc => <<"What may wait for a BOSH client that does not fetch it; beyond, its session ends.">>}}]}.

user_send_packet({Packet, #{jid := Jid, lserver := Host} = State}) ->
    Service = {<<>>, <<"channel.", Host/binary>>, <<>>},
    Own = jid:tolower(jid:remove_resource(Jid)),
    To = case xmpp:get_to(Packet) of
             undefined -> Own;
             Address -> jid:tolower(Address)
         end,
    case verdict(Packet, To, {Own, {<<>>, Host, <<>>}, Service}) of
        pass when element(2, Service) == element(2, To) ->
            to_service(Packet),
            {stop, {drop, State}};
        pass ->
            {Packet, State};
        swallow ->
            {stop, {drop, State}};
        empty_roster ->
            Query = {xmlel, <<"query">>, [{<<"xmlns">>, ?ROSTER}], []},
            ejabberd_router:route(xmpp:make_iq_result(Packet, Query)),
            {stop, {drop, State}};
        Refusal ->
            Text = <<"Clients reach the server and the channel service only">>,
            ejabberd_router:route_error(Packet, xmpp:Refusal(Text, <<"en">>)),
            {stop, {drop, State}}
    end.

%% The channel service hears of each session of a channel's account, however it begins and
%% however it ends, whatever presence its client sends.
opened(_Sid, Jid, _Info) ->
    tell(Jid, []).

%% A client that comes back with its resource replaces its own session, whose end comes after
%% the beginning of the new one: that resource has not gone.
closed(_Sid, Jid, _Info) ->
    {User, Host, Resource} = jid:tolower(Jid),
    case ejabberd_sm:get_session_pid(User, Host, Resource) of
        none -> tell(Jid, [{<<"type">>, <<"unavailable">>}]);
        _Pid -> ok
    end.

%% A client over TCP that does not read is cut off. ejabberd 23.01 has a time-out for sending at the
%% socket that listens, of which the client's own one knows nothing: it would wait for ever, and keep
%% what comes for that client, whatever max_fsm_queue says.
bound(#{socket := Socket} = State) ->
    Options = [{send_timeout, ?SEND_TIMEOUT}, {send_timeout_close, true}],
    case {element(2, Socket), element(3, Socket)} of % of xmpp's #socket_state: its module, and what is its own
        {gen_tcp, Tcp} ->
            _ = inet:setopts(Tcp, Options),
            State;
        {fast_tls, Tls} ->
            _ = fast_tls:setopts(Tls, Options),
            State;
        {ejabberd_bosh, _} ->
            State#{?UNTIL_LOOK => 0};
        {_Other, _} ->
            State
    end.

%% A carriage return of a message would be written as it is, and every reader of XML makes a line feed
%% of that (XML 1.0 2.11). So a client over TCP is sent it escaped; for those over BOSH the gateway does it.
sending({Packet, #{socket := Socket, xmlns := Namespace} = State})
  when element(1, Packet) == message, element(2, Socket) == gen_tcp;
       element(1, Packet) == message, element(2, Socket) == fast_tls ->
    Bytes = fxml:element_to_binary(xmpp:encode(Packet, Namespace)),
    case binary:match(Bytes, <<"\r">>) of
        nomatch ->
            {Packet, State};
        _ ->
            case xmpp_socket:send(Socket, binary:replace(Bytes, <<"\r">>, <<"&#13;">>, [global])) of
                ok -> {drop, State};
                _ -> {Packet, State} % which fails in the same way, and ends the stream
            end
    end;
sending(Sent) ->
    Sent.

%% A client over BOSH that does not fetch is cut off. ejabberd keeps what such a client has not fetched
%% in the process that is its socket, without a bound. That process is looked at, but not for each stanza:
%% after so many bytes that a part of the bound may have come since the last time.
sent(#{?UNTIL_LOOK := Left} = State, Packet, ok) ->
    case Left - erlang:external_size(Packet) of
        More when More > 0 -> State#{?UNTIL_LOOK := More};
        _ -> look(State)
    end;
sent(State, _Packet, _Result) ->
    State.

look(#{socket := Socket, lserver := Host} = State) ->
    Bound = gen_mod:get_module_opt(Host, ?MODULE, max_waiting_bytes),
    {http_bind, Process, _} = element(3, Socket),
    case waiting(Process) of
        Bytes when Bytes > Bound ->
            Text = <<"Too much waits to be fetched">>,
            ejabberd_c2s:send(maps:remove(?UNTIL_LOOK, State), xmpp:serr_policy_violation(Text, <<"en">>));
        _ ->
            State#{?UNTIL_LOOK := Bound div ?LOOKS}
    end.

%% In bytes, about. It is not the memory of the process: that says nothing of binaries, and may be garbage,
%% or answers that are kept for repeats. The process counts, and throws the sum: so its state stays, and
%% nothing of it is copied.
waiting(Process) ->
    Count = fun([_Name, _StateName, Data | _]) -> throw({waits, erlang:external_size(element(5, Data))}) end, % el_obuf
    try sys:replace_state(Process, Count) of
        _State -> 0
    catch
        error:{callback_failed, _, {throw, {waits, Bytes}}} -> Bytes;
        _:_ -> 0 % it ends, and the session with it
    end.

%% A node that stands still for a minute, while its clock goes on, is taken for lost by the other ones.
%% When it goes on it takes them for lost: each side would serve without the other, and what is sent to
%% a session of the other one would reach nobody. Mnesia tells both sides when they see each other
%% again. The one that stood still gives way: it ends, with status 1, so that its service starts it
%% again, and it joins.
%%
%% Until then it removes what it takes for lost, and may do so at the other ones, too: ejabberd's router
%% and Mnesia learn of a lost node one after the other. Then a node that was well has no route for its
%% domain or for the gateways attached to it. Only the node itself may remove routes of its processes:
%% what another one removes is written again.
watch(Name) ->
    true = register(Name, self()),
    {ok, _} = mnesia:subscribe(system),
    ok = net_kernel:monitor_nodes(true),
    case mnesia:subscribe({table, route, simple}) of
        {ok, _} -> ok;
        Error -> logger:critical("routes of this node are not guarded: ~p", [Error])
    end,
    Now = now_in_seconds(),
    watch(Now, Now - ?RECENTLY).

watch(Last, StoodStill) ->
    Event = receive Any -> Any after 1000 -> nothing end,
    case now_in_seconds() of
        Now when Now - Last > ?STOOD_STILL -> watch(Event, Now, Now);
        Now -> watch(Event, Now, StoodStill)
    end.

watch({mnesia_system_event, {inconsistent_database, running_partitioned_network, _}}, Now, StoodStill)
  when Now - StoodStill < ?RECENTLY ->
    init:stop(1);
watch({mnesia_table_event, {delete_object, Route, {tid, _, By}}}, Now, StoodStill) when node(By) /= node() ->
    spawn(fun() -> restore([Route]) end),
    watch(Now, StoodStill);
watch({nodedown, _Node}, Now, StoodStill) -> % what it removed at a third node only, nobody has told
    spawn(fun() -> restore(ets:tab2list(route)) end),
    watch(Now, StoodStill);
watch(_Event, Now, StoodStill) ->
    watch(Now, StoodStill).

%% In a process of its own: a transaction waits for nodes that hang, and whoever waits seems to stand still.
restore(Routes) ->
    Own = [Route || Route <- Routes, is_alive_here(element(4, Route))], % of ejabberd's #route: its process
    case mnesia:transaction(fun() -> lists:foreach(fun mnesia:write/1, Own) end) of
        {atomic, ok} -> ok;
        Failed -> logger:critical("routes of this node were removed, and not restored: ~p", [Failed])
    end.

is_alive_here(Pid) ->
    is_pid(Pid) andalso node(Pid) == node() andalso is_process_alive(Pid).

now_in_seconds() ->
    erlang:monotonic_time(second).

watch_name(Host) ->
    gen_mod:get_module_proc(Host, ?WATCH).

stop_watching(Host) ->
    Name = watch_name(Host),
    case whereis(Name) of
        undefined -> ok;
        Pid -> unregister(Name), exit(Pid, kill)
    end.

tell(Jid, Attributes) ->
    case jid:tolower(Jid) of
        {<<"ch-", _/binary>>, Host, _} ->
            Presence = xmpp:decode({xmlel, <<"presence">>, Attributes, []}, <<"jabber:client">>, []),
            Service = jid:make(<<>>, <<"channel.", Host/binary>>),
            to_service(xmpp:set_from_to(Presence, Jid, Service));
        _ ->
            ok
    end.

%% Several gateways are attached as the service, and ejabberd picks any one for each stanza. What
%% one sender sends goes to one and the same of them, as long as the same ones are there: so it is
%% handled in its order. Those that are attached to this node come first.
to_service(Packet) ->
    {_, Domain, _} = jid:tolower(xmpp:get_to(Packet)),
    All = lists:sort([element(4, Route) || Route <- mnesia:dirty_read(route, Domain), % #route.pid
                                           is_pid(element(4, Route))]),
    Here = [Pid || Pid <- All, node(Pid) == node()],
    case Here of
        [] -> to_one_of(All, Packet);
        _ -> to_one_of(Here, Packet)
    end.

to_one_of(Attached, Packet) ->
    case Attached of
        [] when element(1, Packet) == iq ->
            Text = <<"No gateway is attached to this server now (expected: again soon)">>,
            ejabberd_router:route_error(Packet, xmpp:err_resource_constraint(Text, <<"en">>));
        [] ->
            ok; % the gateway that comes asks who is there
        _ ->
            Sender = jid:tolower(xmpp:get_from(Packet)),
            Gateway = lists:nth(1 + erlang:phash2(Sender, length(Attached)), Attached),
            ejabberd_cluster:send(Gateway, {route, Packet})
    end.

%% What fails here would be let pass by ejabberd.
verdict(Packet, To, Known) ->
    try
        judge(element(1, Packet), xmpp:get_type(Packet), Packet, To, Known)
    catch
        _:_ -> err_not_allowed
    end.

%% The owner, the server and the service, by their addresses in lower case.
judge(presence, error, _Packet, _To, _Known) ->
    swallow;
judge(presence, Type, _Packet, To, {_Own, _Server, To}) when Type == available; Type == unavailable ->
    pass;
judge(presence, Type, _Packet, Own, {Own, _Server, _Service}) when Type == available; Type == unavailable ->
    pass;
judge(message, error, _Packet, _To, _Known) ->
    swallow;
judge(iq, Type, _Packet, _To, _Known) when Type == result; Type == error ->
    swallow;
judge(iq, _Type, _Packet, To, {_Own, _Server, To}) ->
    pass;
judge(iq, _Type, _Packet, Server, {{<<"adm-", _/binary>>, _, _}, Server, _Service}) ->
    pass;
judge(iq, Type, Packet, To, {Own, Server, _Service}) when To == Own; To == Server ->
    case {Type, [xmpp:get_ns(Element) || Element <- xmpp:get_els(Packet)]} of
        {get, [?ROSTER]} -> empty_roster;
        {get, [<<"urn:xmpp:ping">>]} -> pass;
        {get, [<<"http://jabber.org/protocol/disco#info">>]} -> pass;
        {get, [<<"http://jabber.org/protocol/disco#items">>]} -> pass;
        {set, [<<"urn:ietf:params:xml:ns:xmpp-session">>]} -> pass;
        _ -> err_service_unavailable
    end;
judge(iq, _Type, _Packet, _To, _Known) ->
    err_service_unavailable;
judge(_Name, _Type, _Packet, _To, _Known) ->
    err_not_allowed.
