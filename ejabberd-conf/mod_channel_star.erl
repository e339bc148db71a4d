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
-module(mod_channel_star).
-behaviour(gen_mod).

-export([start/2, stop/1, reload/3, depends/2, mod_options/1, mod_doc/0]).
-export([user_send_packet/1, opened/3, closed/3]).

-define(ROSTER, <<"jabber:iq:roster">>).

start(Host, _Opts) ->
    ejabberd_hooks:add(user_send_packet, Host, ?MODULE, user_send_packet, 1),
    ejabberd_hooks:add(sm_register_connection_hook, Host, ?MODULE, opened, 90),
    ejabberd_hooks:add(sm_remove_connection_hook, Host, ?MODULE, closed, 90).

stop(Host) ->
    ejabberd_hooks:delete(user_send_packet, Host, ?MODULE, user_send_packet, 1),
    ejabberd_hooks:delete(sm_register_connection_hook, Host, ?MODULE, opened, 90),
    ejabberd_hooks:delete(sm_remove_connection_hook, Host, ?MODULE, closed, 90).

reload(_Host, _NewOpts, _OldOpts) ->
    ok.

depends(_Host, _Opts) ->
    [].

mod_options(_Host) ->
    [].

mod_doc() ->
    #{desc => <<"Clients reach the server, the channel service and themselves, nobody else.">>}.

user_send_packet({Packet, #{jid := Jid, lserver := Host} = State}) ->
    Service = {<<>>, <<"channel.", Host/binary>>, <<>>},
    Own = jid:tolower(jid:remove_resource(Jid)),
    To = case xmpp:get_to(Packet) of
             undefined -> Own;
             Address -> jid:tolower(Address)
         end,
    case verdict(Packet, To, {Own, {<<>>, Host, <<>>}, Service}) of
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

%% A session that took the place of another one of the same name is there when that one ends:
%% under that name nobody has gone.
closed(_Sid, Jid, _Info) ->
    {User, Host, Resource} = jid:tolower(Jid),
    case ejabberd_sm:get_session_pid(User, Host, Resource) of
        none -> tell(Jid, [{<<"type">>, <<"unavailable">>}]);
        _ -> ok
    end.

tell(Jid, Attributes) ->
    case jid:tolower(Jid) of
        {<<"ch-", _/binary>>, Host, _} ->
            Presence = xmpp:decode({xmlel, <<"presence">>, Attributes, []}, <<"jabber:client">>, []),
            Service = jid:make(<<>>, <<"channel.", Host/binary>>),
            ejabberd_router:route(xmpp:set_from_to(Presence, Jid, Service));
        _ ->
            ok
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
