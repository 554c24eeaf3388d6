# はじめの日と、もどす日: 設定、パスワード、復元の言葉、口座開設コード、急いで知らせること。

ask-which-word = 直す言葉は何番目ですか（数字）

done-config-to-fill-in = 設定ファイルのひな形を書きました: { $path } 。このファイルを開き、# node = の行に使うノードの URL を書いて、行のはじめの「# 」を消してください。
done-config-written = 設定ファイルを書きました: { $path }

err-opening-code-key = このコードのかぎでは口座を開けません。本人に、コードをもう一度出してもらってください（kyojo wallet code）。
err-opening-code-letters = 口座開設コードの字がどこかちがうか、足りないか、多すぎます。もう一度見くらべてください。
err-opening-code-of-other-network = この口座開設コードは別のネットワークのものです。こちら: { $ours }、コード: { $theirs }
err-opening-code-other = これは口座開設コードではありません。口座開設コードは kyojokey1 で始まります（本人の kyojo wallet code で見られます）。
err-config-exists = 設定ファイルはもうあります。書きかえませんでした: { $path }
err-no-node = 使うノードがまだ決まっていません（{ $url } にもありませんでした）。ノードの URL は、市や銀行の案内にあります。次のどれかで決めてください: kyojo init --node URL（設定ファイル { $config } を作ります）、コマンドに --node URL を付ける、環境変数 KYOJO_NODE に書く。

label-config = ウォレットの設定です。
label-config-ca-file = https のノードを保証する証明書（PEM）のファイル
label-config-file = 設定ファイルの形:
label-config-lang = 表示の言語: ja、en
label-config-node = ノードの URL。市や銀行の案内にあります
label-config-time-zone = 見せる時刻と入れる時刻の時間帯（日本でないとき）
label-config-order = コマンドの --node などがいちばん先、次が KYOJO_NODE などの環境変数、その次がこれです。
label-config-use = 行のはじめの「# 」を消すと使われます。
label-config-wallet = ふだん使うウォレットの名前
label-config-zone = ほかに指定がないとき、支払いをするゾーンの番号か名前
label-consents-found = { $count } 件（いま有効なもの { $standing } 件）
label-knowing-you = あなたを知っている組織
label-none-found = 見つかりません
label-of-consents = 同意

note-account-found = このウォレットの口座が見つかりました: { $address }
note-as-looked = （{ $at } に確かめたとき）
note-code-of-no-network = ノードに聞けなかったので、このコードにはネットワークの名前が入っていません。このままでも使えます。
note-finding = 復元の言葉から、口座と同意をさがしています。
note-found-nothing-yet = ウォレットはできました。口座と同意は、まださがせていません。{ $why } あとで kyojo wallet find をしてください。
note-frozen-both = あなたの口座は、{ $until } まで、お金を出すことも受け取ることもできません。わけは、口座のある銀行に聞いてください。
note-frozen-in = あなたの口座は、{ $until } まで、お金を受け取れません。わけは、口座のある銀行に聞いてください。
note-frozen-out = あなたの口座は、{ $until } まで、お金を出せません。わけは、口座のある銀行に聞いてください。
note-give-code = 口座を開くには、このコード（下の文字か、四角い模様）を銀行に見せてください。名前や秘密は入っていません。
note-guardian-acting = { $who } への同意は、{ $until } まで、ほかの人（{ $guardian }）があなたのかわりに決められます。おぼえがなければ、いつでも終わらせられます: { $command }
note-guardian-pending = 窓口が、{ $who } への同意をほかの人（{ $guardian }）にまかせると届けました。{ $from } から { $until } まで、その人があなたのかわりに決められます。おぼえがなければ、始まる前に終わらせてください: { $command }
note-new-password = はじめに、パスワードを決めます。{ $least } 字以上にしてください。
note-not-found = 支払いの覚え書き（摘要）は台帳にないので、復元の言葉からはもどりません。前の機械のフォルダー { $folder } にあります。
note-not-looked = あなたの口座や同意に急ぎの知らせがあるかは、いまは確かめられませんでした。
note-password-wrong = パスワードがちがいます。もう一度入れてください。
note-recovery-of-account = 銀行が、あなたの口座に別のかぎを申し込みました。{ $from } から、そのかぎに切りかえられます。おぼえがなければ、それまでにことわってください: { $command }
note-recovery-of-subject = 窓口が、{ $who } への同意に使うあなたのかぎを、別のかぎにかえると申し込みました。{ $from } から切りかえられます。おぼえがなければ、それまでにことわってください: { $command }
note-recovery-stolen = あなたのかぎは盗まれたと届けられました。{ $from } から、別のかぎに切りかえられます。まちがいなら、それまでに、届けを受けたのとは別の組織の窓口へ行ってください。
note-terms-elsewhere = 同意 { $count } 件は、くわしい内容の控えがこの機械にありません（台帳にもありません）。だれに、いつまで、何回使われたかはわかり、やめることもできます。くわしい内容は、前の機械のフォルダー { $folder } をこの機械の同じ所に写すか、相手の組織に聞いてください。
note-type-words = 紙に書いた復元の言葉を、順番どおりに入れてください。1 つずつでも、まとめてでもかまいません。全部入れたら、何も書かずに Enter を押してください。
note-word-differs = { $place } 番目の言葉がちがいます。紙を見て、もう一度入れてください。何も書かずに Enter を押すと、言葉をもう一度見せます。
note-word-near = { $place } 番目の「{ $word }」は、言葉の一覧にありません。近い言葉: { $near }
note-word-unknown = { $place } 番目の「{ $word }」は、言葉の一覧にありません。紙をもう一度見てください。
note-words-do-not-fit = どの言葉も一覧にありますが、組み合わせが合いません。紙と見くらべて、ちがう言葉の番号を入れてください。
note-words-go-on = まだ続きがあるときは、番号を入れずに Enter を押して、続きを入れてください。
note-words-so-far = いま { $count } 個です。復元の言葉は 12・15・18・21・24 個のどれかです。これで全部なら、何も書かずに Enter を押してください。まだあれば、続きを入れてください。
